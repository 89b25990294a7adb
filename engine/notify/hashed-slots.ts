import { hash53, pairOf } from '../random/index.ts';
import { type SendSlots, ownSlots } from './send-learner.ts';

/** Slots by hash, for people and topics without end: memory does not depend on their number. 16 MB for 20 bits. */
export function hashedSlots(bits: number): SendSlots {
  const free = 2 ** bits - ownSlots;
  const slot = (value: number, field: number): number => ownSlots + ((hash53(value, field) >>> 0) % free);
  return {
    bits,
    topic: (topic) => slot(topic, 1),
    person: (person) => slot(person, 2),
    pair: (person, topic) => slot(pairOf(person, topic), 3),
  };
}
