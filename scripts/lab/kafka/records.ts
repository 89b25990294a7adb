import { nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';

/** The topics of the lab, by what their records are. */
export const topics = {
  saves: 'lab.saves',
  pins: 'lab.pins',
  interactions: 'lab.interactions',
} as const;
export const changesTopic = 'lab.changes';
export const partitions = 3;

/** A record as a topic has it. */
export interface LabRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key?: string;
  /** Undefined: null. */
  readonly value?: string;
  readonly method?: 'DELETE';
}

/** People, each with a board; pins of saves, and others whose attributes are put. */
const [people, saved, described] = [500, 2_000, 300];

/**
 * Random records: saves and their removals, puts and removals of pins, interactions, and some that are invalid. All of one board, and of
 * one pin, are in one partition, so that their order is known.
 */
export function* labRecords(seed: number): Generator<LabRecord> {
  const stream = randomStream(seed);
  const random = (): number => nextUnit(stream);
  const upTo = (n: number): number => nextBelow(stream, n);
  for (let i = 0; ; i++) {
    const kind = random();
    const person = upTo(people);
    const partition = person % partitions;
    if (kind < 0.6) {
      const value = JSON.stringify({
        user: `person ${person}`,
        board: `board ${person}`,
        pin: `pin ${upTo(saved)}`,
      });
      yield { topic: topics.saves, partition, value, ...(random() < 0.3 && { method: 'DELETE' }) };
    } else if (kind < 0.8) {
      const pin = upTo(described);
      const of = { topic: topics.pins, partition: pin % partitions, key: `described ${pin}` };
      yield random() < 0.2 ? of : { ...of, value: JSON.stringify({ title: `version ${i} of it` }) };
    } else if (kind < 0.99) {
      const of = { kind: 'click', user: `person ${person}`, pin: `pin ${upTo(saved)}` };
      // Half of them have neither an id nor a time: their content and the time of the record identify them.
      const at = Date.UTC(2026, 9 + upTo(2), 15) + upTo(1_000_000);
      const value = random() < 0.5 ? of : { id: `${seed}-${i}`, ...of, at };
      yield { topic: topics.interactions, partition, value: JSON.stringify(value) };
    } else {
      const topic = random() < 0.5 ? topics.saves : topics.interactions;
      yield { topic, partition, value: `{"user": "person ${person}", "pin": ${i}` };
    }
  }
}
