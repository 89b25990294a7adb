import { type SendSlots, ownSlots } from '../../../engine/index.ts';
import { topicCount } from './click-model.ts';

/** A slot for each person, topic and pair of them: nothing is hashed, so nothing collides. */
export function denseSlots(people: number): SendSlots {
  const [ofPeople, ofPairs] = [ownSlots + topicCount, ownSlots + topicCount + people];
  return {
    bits: Math.max(8, Math.ceil(Math.log2(ofPairs + people * topicCount))),
    topic: (topic) => ownSlots + topic,
    person: (person) => ofPeople + person,
    pair: (person, topic) => ofPairs + person * topicCount + topic,
  };
}
