import { EngineError } from '../../engine/base/index.ts';
import { nextBelow, nextUnit, randomStream } from '../../engine/random/index.ts';
import type { SaveRow } from '../import/index.ts';

/** Size and structure of a synthetic graph. */
interface SyntheticOptions {
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
  /** Default: one user per two boards. */
  readonly users?: number | undefined;
  /** Number of topics, default 20. Pin `p` has topic `p % topics`, board `b` topic `b % topics`: the ground truth. */
  readonly topics?: number | undefined;
  /** Share of saves that ignore the board's topic, 0 to 1. Default 0.1. */
  readonly noise?: number | undefined;
  /** Default 1. */
  readonly randomSeed?: number | undefined;
}

/** The graph of `npm start -- --sample synthetic`. */
export const syntheticDefaults: SyntheticOptions = { pins: 20_000, boards: 40_000, saves: 500_000 };

/** The saves of one board. `pins` is overwritten by the next board. */
interface SyntheticBoard {
  readonly board: number;
  readonly user: number;
  readonly pins: Int32Array;
}

/**
 * Generates boards with exactly `saves` saves in total, deterministically by seed. Board sizes follow a Pareto
 * distribution (exponent 2.5). A board draws distinct pins of its topic, a pin of rank r among R with probability
 * proportional to (r / R)^(-2/3), and a share `noise` of them from any topic. Some saves take the pins in turn, so that
 * nearly all pins are saved somewhere.
 *
 * O(saves) time, 4 bytes of memory per pin. Throws `invalid-parameter` if the sizes are impossible.
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
      // If the board has the pin already, take the next free one of this topic, then of the others. At least half of
      // all pins are free.
      while (lastBoard[pin] === board) pin = pin + topics < pins ? pin + topics : (pin + 1) % topics;
      lastBoard[pin] = board;
      boardPins[i] = pin;
    }
    savesLeft -= size;
    yield { board, user: board % users, pins: boardPins.subarray(0, size) };
  }
}

/** {@link syntheticBoards} as rows for an import, with keys such as `user-1`, `board-1`, `pin-1`. */
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
  check(topics <= pins, 'topics', `${topics} topics need at least as many pins, not ${pins}`);
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
