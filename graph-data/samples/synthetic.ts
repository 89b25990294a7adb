import { EngineError, nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import type { SaveRow } from '../import/index.ts';

/** A graph that does not exist: sizes, and how clear its structure is. */
interface SyntheticOptions {
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
  /** Default: one user for two boards. */
  readonly users?: number | undefined;
  /** Default 20. Pin `p` has topic `p % topics`; so has board `b`. That is the truth to be found again. */
  readonly topics?: number | undefined;
  /** Share of saves that ignore the board's topic, 0 to 1. Default 0.1. */
  readonly noise?: number | undefined;
  /** Default 1. */
  readonly randomSeed?: number | undefined;
}

/** What `npm start -- --sample synthetic` serves. */
export const syntheticDefaults: SyntheticOptions = { pins: 20_000, boards: 40_000, saves: 500_000 };

/** One board's saves. `pins` is reused by the next board. */
interface SyntheticBoard {
  readonly board: number;
  readonly user: number;
  readonly pins: Int32Array;
}

/**
 * A seeded stream of boards with exactly `saves` saves in all. Board sizes follow a Pareto law (exponent
 * 2.5); a board takes pins of its topic, the popular ones more often (a pin of rank r among R with
 * probability falling as (r / R)^-2/3), each pin once; `noise` of them from any topic. Some saves go through
 * the pins in turn, so that nearly all pins are saved somewhere.
 *
 * O(saves) time, 4 bytes a pin of memory. Throws `invalid-parameter` when the sizes cannot be met.
 */
export function* syntheticBoards(options: SyntheticOptions): Generator<SyntheticBoard> {
  const { pins, boards, saves, users, topics, noise, randomSeed } = resolveSynthetic(options);
  const stream = randomStream(randomSeed);
  const ranks = Math.floor(pins / topics);
  const nextRank = new Int32Array(topics);
  const lastBoard = new Int32Array(pins).fill(-1);
  const boardPins = new Int32Array(Math.floor(pins / 2) + 1);
  // Mean of u^-0.4 for u uniform in (0, 1].
  const meanWeight = 1 / 0.6;
  let savesLeft = saves;

  for (let board = 0; board < boards; board++) {
    const boardsLeft = boards - board;
    const weight = (1 - nextUnit(stream)) ** -0.4 / meanWeight;
    const most = Math.min(savesLeft - (boardsLeft - 1), boardPins.length - 1);
    const drawn = boardsLeft === 1 ? savesLeft : Math.round((weight * savesLeft) / boardsLeft);
    const size = Math.min(Math.max(drawn, 1), most);
    for (let i = 0; i < size; i++) {
      const topic = nextUnit(stream) < noise ? nextBelow(stream, topics) : board % topics;
      const isTurn = nextRank[topic]! < ranks && nextUnit(stream) * saves < 1.2 * pins;
      const rank = isTurn ? nextRank[topic]!++ : Math.floor(ranks * nextUnit(stream) ** 3);
      let pin = rank * topics + topic;
      // A pin that the board has already: the next free one, through this topic, then the others in turn.
      // At least half of all pins are free.
      while (lastBoard[pin] === board) pin = pin + topics < pins ? pin + topics : (pin + 1) % topics;
      lastBoard[pin] = board;
      boardPins[i] = pin;
    }
    savesLeft -= size;
    yield { board, user: board % users, pins: boardPins.subarray(0, size) };
  }
}

/** The same as rows for an import, with keys `user-1`, `board-1`, `pin-1`. */
export function* syntheticRows(options: SyntheticOptions): Generator<SaveRow[]> {
  let batch: SaveRow[] = [];
  for (const { board, user, pins } of syntheticBoards(options)) {
    const keys = { user: `user-${user}`, board: `board-${board}`, savedAt: NaN, weight: NaN };
    for (const pin of pins) batch.push({ ...keys, pin: `pin-${pin}` });
    if (batch.length >= 10_000) {
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

function resolveSynthetic(options: SyntheticOptions): Record<keyof SyntheticOptions, number> {
  const { pins, boards, saves, noise = 0.1, randomSeed = 1 } = options;
  const topics = options.topics ?? Math.min(20, pins);
  const users = options.users ?? Math.ceil(boards / 2);
  for (const [field, value] of Object.entries({ pins, boards, saves, users, topics })) {
    check(
      Number.isInteger(value) && value >= 1 && value < 2 ** 31,
      field,
      `${value} is not a positive integer`,
    );
  }
  check(noise >= 0 && noise <= 1, 'noise', `${noise} is not in [0, 1]`);
  check(topics <= pins, 'topics', `${topics} topics need as many pins, not ${pins}`);
  check(saves >= boards, 'saves', `${boards} boards need at least one save each, not ${saves}`);
  check(
    saves <= (boards * pins) / 4,
    'saves',
    `${saves} saves do not fit on ${boards} boards with ${pins} pins: at most a quarter of all pairs`,
  );
  return { pins, boards, saves, users, topics, noise, randomSeed };
}

function check(holds: boolean, field: string, fault: string): void {
  if (!holds) throw new EngineError('invalid-parameter', field, `${field}: ${fault}`);
}
