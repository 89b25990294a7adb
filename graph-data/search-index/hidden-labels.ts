import { neighborsOf, nodeCount } from '../../engine/graph/index.ts';
import { type RandomStream, nextBelow, nextUnit, randomStream } from '../../engine/random/index.ts';
import type { Database } from '../database/index.ts';
import { type Boards, type Hidden, boardTitles, pinTexts } from './index-texts.ts';

/** A label that people gave to pins, and the pins that it should find where it is hidden. */
interface Label {
  readonly text: string;
  readonly relevant: ReadonlySet<number>;
  /** Pins that still show it: they count neither as found nor as missed. */
  readonly shown: ReadonlySet<number>;
}

/** Random substreams: of boards, of tags, and of the pins that lose a tag. */
const boardStream = 0x4000_0060;
const tagStream = 0x4000_0061;
const lossStream = 0x4000_0062;
/** Labels of each kind, and pins among which they are looked for: one in so many, where there are more. */
const labelsMax = 150;
const pinsMax = 20_000;
/** Pins of a label: fewer say little, and a label of more is found by chance. */
const boardPinsMin = 3;
const tagPinsMin = 10;
const labelPinsMax = 300;

/**
 * Labels that an index may leave out, to measure what finds their pins without them: titles of boards, and
 * tags, each tag on about half of its pins. Both are people's own names for pins. Seeded. O(titles + texts).
 */
export function hideLabels(
  database: Database,
  { pinToBoard, boardToPin }: Boards,
  randomSeed: number,
): { readonly labels: readonly Label[]; readonly hidden: Hidden } {
  const pinCount = nodeCount(pinToBoard);
  const step = Math.max(1, Math.ceil(pinsBelow(database, pinCount) / pinsMax));
  const boards = new Reservoir<[board: number, label: Label]>(randomStream(randomSeed, 0, boardStream));
  for (const [board, text] of boardTitles(database, nodeCount(boardToPin))) {
    const relevant = new Set(
      neighborsOf(boardToPin, board).filter((pin) => pin < pinCount && pin % step === 0),
    );
    if (relevant.size < boardPinsMin || relevant.size > labelPinsMax) continue;
    boards.offer([board, { text, relevant, shown: new Set() }]);
  }
  const pinsOf = new Map<string, number[]>();
  for (const { pin, tags } of pinTexts(database, pinCount, step)) {
    for (const tag of new Set(tags)) {
      const pins = pinsOf.get(tag);
      if (pins === undefined) pinsOf.set(tag, [pin]);
      else if (pins.length <= labelPinsMax) pins.push(pin);
    }
  }
  const tags = new Reservoir<readonly [tag: string, pins: readonly number[]]>(
    randomStream(randomSeed, 0, tagStream),
  );
  for (const each of pinsOf)
    if (each[1].length >= tagPinsMin && each[1].length <= labelPinsMax) tags.offer(each);
  const losses = randomStream(randomSeed, 0, lossStream);
  const ofTags = tags.drawn.map(([text, pins]): Label => {
    const lost = Map.groupBy(pins, () => nextUnit(losses) < 0.5);
    return { text, relevant: new Set(lost.get(true)), shown: new Set(lost.get(false)) };
  });
  return {
    labels: [
      ...boards.drawn.map(([, label]) => label),
      ...ofTags.filter(({ relevant }) => relevant.size > 0),
    ],
    hidden: {
      step,
      boards: new Set(boards.drawn.map(([board]) => board)),
      tags: new Map(ofTags.map(({ text, relevant }) => [text, relevant])),
    },
  };
}

/** Without the room for new pins that a served graph has: 64 thousand, even if it holds a hundred. */
function pinsBelow(database: Database, pinCount: number): number {
  const sql = 'SELECT max(id) + 1 FROM pins WHERE id < ?';
  return database.prepare<[number], number | null>(sql).pluck().get(pinCount) ?? 0;
}

/** A uniform sample of a stream: Vitter's algorithm R (1985, doi:10.1145/3147.3165). */
class Reservoir<Each> {
  readonly drawn: Each[] = [];
  readonly #stream: RandomStream;
  #offered = 0;

  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  offer(each: Each): void {
    this.#offered++;
    const place = this.#offered <= labelsMax ? this.drawn.length : nextBelow(this.#stream, this.#offered);
    if (place < labelsMax) this.drawn[place] = each;
  }
}
