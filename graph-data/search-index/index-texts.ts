import { type PinBoardGraph, degreeOf, neighborsOf, nodeCount } from '../../engine/graph/index.ts';
import { TextIndexBuilder } from '../../engine/search/index.ts';
import { tokenize } from '../../engine/text/index.ts';
import type { Database } from '../database/index.ts';
import type { Stem } from './stem.ts';

/** Which pins are on which boards. */
export type Boards = Pick<PinBoardGraph, 'pinToBoard' | 'boardToPin'>;

/** Labels that an index leaves out, and the pins that it is of. */
export interface Hidden {
  /** Of one pin in so many. */
  readonly step: number;
  /** Boards whose titles count for no pin. */
  readonly boards: ReadonlySet<number>;
  /** The pins that lose a tag, by tag. */
  readonly tags: ReadonlyMap<string, ReadonlySet<number>>;
}

/** The texts of a pin. */
interface PinTexts {
  readonly pin: number;
  readonly key: string;
  readonly title: string | null;
  readonly text: string | null;
  readonly tags: readonly string[];
}

type TextRow = [
  id: number,
  key: string,
  title: string | null,
  text: string | null,
  ...tags: (string | null)[],
];

const hiddenNothing: Hidden = { step: 1, boards: new Set(), tags: new Map() };
/** Attributes whose texts are tags: a list of texts, or one text with commas, semicolons or bars between them. */
const tagFields = ['tags', 'keywords', 'genres', 'categories'];
/** Characters of a text that count: the subject of a text of megabytes is on its first pages. */
const textLengthMax = 10_000;
const wordLengthMax = 64;
/** Boards of a pin whose titles count, evenly spaced; and the words that most of them have. */
const boardsMax = 1_000;
const boardTermsMax = 64;
/** Different words, summed over pins, up to which pins are indexed: 16 bytes each. */
const entriesMax = 50_000_000;

/** Collects all pins of a graph with words of a title, a text, tags or a title of a board. O(texts + boards of pins). */
export function indexTexts(
  database: Database,
  { pinToBoard, boardToPin }: Boards,
  stem: Stem,
  hidden: Hidden = hiddenNothing,
): TextIndexBuilder {
  const builder = new TextIndexBuilder(stem);
  const titles = readBoardTitles(database, builder, nodeCount(boardToPin), hidden.boards);
  for (const { pin, key, title, text, tags } of pinTexts(database, nodeCount(pinToBoard), hidden.step)) {
    if (builder.size > entriesMax) break;
    const boards = titles && titlesOf(pinToBoard, pin, titles);
    if (title === null && text === null && tags.length === 0 && (boards?.length ?? 0) === 0) continue;
    const shown = tags.filter((tag) => hidden.tags.get(tag)?.has(pin) !== true);
    builder.add(pin, {
      title: counted(builder.termsOf(wordsOf(title ?? key))),
      tags: counted(builder.termsOf(shown.flatMap(wordsOf))),
      text: counted(builder.termsOf(wordsOf(text))),
      ...(boards && { boards }),
    });
  }
  return builder;
}

/** The texts of one pin in `step`, in the order of their ids. */
export function* pinTexts(database: Database, pinCount: number, step: number): Generator<PinTexts> {
  const fields = tagFields.map((field) => `json_extract(attributes, '$.${field}')`).join(', ');
  const rows = database
    .prepare<[number, number], TextRow>(
      `SELECT id, key, title, text, ${fields} FROM pins WHERE id < ? AND id % ? = 0 ORDER BY id`,
    )
    .raw()
    .iterate(pinCount, step);
  for (const [pin, key, title, text, ...tags] of rows) {
    yield { pin, key, title, text, tags: tags.flatMap(tagsOf) };
  }
}

/** Boards with a title, in the order of their ids. */
export function boardTitles(
  database: Database,
  boardCount: number,
): IterableIterator<[board: number, title: string]> {
  return database
    .prepare<[number], [number, string]>(
      'SELECT id, title FROM boards WHERE title IS NOT NULL AND id < ? ORDER BY id',
    )
    .raw()
    .iterate(boardCount);
}

/** The terms of each board's title, one board after another. */
interface BoardTitles {
  readonly starts: Int32Array;
  readonly terms: readonly number[];
}

function readBoardTitles(
  database: Database,
  builder: TextIndexBuilder,
  boardCount: number,
  hidden: ReadonlySet<number>,
): BoardTitles | undefined {
  const starts = new Int32Array(boardCount + 1);
  const terms: number[] = [];
  let next = 0;
  for (const [board, title] of boardTitles(database, boardCount)) {
    if (hidden.has(board)) continue;
    starts.fill(terms.length, next, board + 1);
    next = board + 1;
    for (const term of new Set(builder.termsOf(wordsOf(title)))) terms.push(term);
  }
  starts.fill(terms.length, next);
  return terms.length === 0 ? undefined : { starts, terms };
}

/** The words that most of a pin's boards have in their titles, with the number of boards. */
function titlesOf(
  pinToBoard: Boards['pinToBoard'],
  pin: number,
  { starts, terms }: BoardTitles,
): [number, number][] {
  const boards = neighborsOf(pinToBoard, pin);
  const step = Math.max(1, degreeOf(pinToBoard, pin) / boardsMax);
  const counts = new Map<number, number>();
  for (let i = 0; i < boards.length; i += step) {
    const board = boards[Math.floor(i)]!;
    for (let at = starts[board] ?? 0; at < (starts[board + 1] ?? 0); at++) {
      counts.set(terms[at]!, (counts.get(terms[at]!) ?? 0) + 1);
    }
  }
  const all = [...counts];
  if (all.length <= boardTermsMax) return all;
  return all.toSorted(([a, left], [b, right]) => right - left || a - b).slice(0, boardTermsMax);
}

function counted(terms: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** The words of a text, up to 10,000 characters of it; none that are longer than words are. */
function wordsOf(text: string | null): string[] {
  if (text === null) return [];
  return tokenize(text.slice(0, textLengthMax)).filter((word) => word.length <= wordLengthMax);
}

/** Of a list as JSON, as json_extract returns it, or of a text. */
function tagsOf(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  const list = value.startsWith('[') ? listOf(value) : undefined;
  return list ?? value.slice(0, textLengthMax).split(/[,;|]/);
}

function listOf(json: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
  } catch {
    return undefined;
  }
}
