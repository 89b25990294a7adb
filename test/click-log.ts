import { nextBelow, nextUnit, randomStream } from '../engine/index.ts';
import { type DataFolder, type Interaction, InteractionWriter } from '../graph-data/index.ts';

const hourMs = 3_600_000;
export const clickLogStart = Date.UTC(2026, 8, 1);

/**
 * Lists of people who like pins of their own parity, one an hour; some clicks come hours later. `pinOf`: the key of pin 1 to 40;
 * `userOf`: of person 0 to 59.
 */
export function clickLog(
  lists: number,
  pinOf = (pin: number): string => `p${pin}`,
  userOf = (person: number): string => `u${person}`,
): Interaction[] {
  const stream = randomStream(1);
  const all: Interaction[] = [];
  for (let list = 0; list < lists; list++) {
    const person = nextBelow(stream, 60);
    const at = clickLogStart + list * hourMs;
    const of = { user: userOf(person), recommendationId: `r${list}`, surface: list % 3 === 0 ? 'home' : 'related' }; // prettier-ignore
    for (let rank = 1; rank <= 5; rank++) {
      const pin = 5 * nextBelow(stream, 8) + rank;
      all.push({ ...of, kind: 'impression', pin: pinOf(pin), rank, score: 1 / rank, at });
      const rate = (pin + person) % 2 === 0 ? 0.5 : 0.05;
      if (nextUnit(stream) < rate) all.push({ ...of, kind: 'click', pin: pinOf(pin), at: at + nextBelow(stream, 20) * hourMs }); // prettier-ignore
    }
  }
  return all;
}

export function writeInteractions(to: DataFolder, rows: readonly Interaction[]): void {
  const writer = new InteractionWriter(to, 1_000);
  writer.apply([{ rows, time: Date.now() }]);
  writer.close();
}
