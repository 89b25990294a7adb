import { nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';
import type { LoadRequest } from '../api/open-loop.ts';
import type { GraphSize } from './graph-size.ts';

interface GrowthTraffic {
  readonly read: () => LoadRequest;
  readonly write: () => LoadRequest;
}

/** Requests for related pins, drawn nearly as often as they are saved, each with its own seed; and single saves. */
export function growthTraffic({ pins, boards, topics }: GraphSize, seed: number): GrowthTraffic {
  const stream = randomStream(seed);
  const ranks = Math.floor(pins / topics);
  // As the generator draws pins: of rank r with probability proportional to r^(-2/3).
  const drawPin = (): string =>
    `pin-${Math.floor(ranks * nextUnit(stream) ** 3) * topics + nextBelow(stream, topics)}`;
  let count = 0;
  return {
    read: () => ({ path: `/v1/pins/${drawPin()}/related?limit=20&randomSeed=${++count}` }),
    write: () => {
      const board = nextBelow(stream, boards);
      const save = { user: `user-${board % Math.ceil(boards / 2)}`, board: `board-${board}`, pin: drawPin() };
      return { path: '/v1/saves', method: 'POST', body: JSON.stringify(save) };
    },
  };
}
