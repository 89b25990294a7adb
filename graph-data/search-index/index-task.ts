import {
  type Adjacency,
  type TextIndex,
  TextIndexBuilder,
  degreeOf,
  neighborsOf,
  tokenize,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, openDatabaseReadOnly } from '../database/index.ts';
import { stemOf } from './stem.ts';

/** What the thread gets. */
export interface IndexTask {
  readonly folder: DataFolder;
  readonly pinToBoard: Adjacency;
  readonly pinCount: number;
  readonly boardCount: number;
}

type TextRow = [
  id: number,
  key: string,
  title: string | null,
  text: string | null,
  ...tags: (string | null)[],
];

/** Attributes whose texts are tags: a list of texts, or one text with commas, semicolons or bars between them. */
const tagFields = ['tags', 'keywords', 'genres', 'categories'];
/** Characters of a text that count: one of megabytes says on its first pages what it is about. */
const textLengthMax = 10_000;
const wordLengthMax = 64;
/** Boards of a pin whose titles count, evenly spaced; and the words that most of them have. */
const boardsMax = 1_000;
const boardTermsMax = 64;
/** Different words, summed over pins, up to which pins are indexed: 16 bytes each. */
const entriesMax = 50_000_000;
const randomSeed = 1;

/** Indexes all pins with words of a title, a text, tags or a title of a board; undefined if there are none. */
export function runIndexTask({ folder, pinToBoard, pinCount, boardCount }: IndexTask): TextIndex | undefined {
  const database = openDatabaseReadOnly(folder);
  if (database === undefined) return undefined;
  try {
    const builder = new TextIndexBuilder(stemOf);
    const titles = readBoardTitles(database, builder, boardCount);
    for (const [pin, key, title, text, ...tags] of rowsOf(database, pinCount)) {
      if (builder.size > entriesMax) break;
      const boards = titles && titlesOf(pinToBoard, pin, titles);
      const ofTags = tags.flatMap(tagsOf);
      if (title === null && text === null && ofTags.length === 0 && (boards?.length ?? 0) === 0) continue;
      builder.add(pin, {
        title: counted(builder.termsOf(wordsOf(title ?? key))),
        tags: counted(builder.termsOf(ofTags.flatMap(wordsOf))),
        text: counted(builder.termsOf(wordsOf(text))),
        ...(boards && { boards }),
      });
    }
    return builder.size === 0 ? undefined : builder.finish(pinCount, randomSeed);
  } finally {
    database.close();
  }
}

function rowsOf(database: Database, pinCount: number): IterableIterator<TextRow> {
  const tags = tagFields.map((field) => `json_extract(attributes, '$.${field}')`).join(', ');
  return database
    .prepare<[number], TextRow>(`SELECT id, key, title, text, ${tags} FROM pins WHERE id < ? ORDER BY id`)
    .raw()
    .iterate(pinCount);
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
): BoardTitles | undefined {
  const rows = database
    .prepare<[number], [number, string]>(
      'SELECT id, title FROM boards WHERE title IS NOT NULL AND id < ? ORDER BY id',
    )
    .raw()
    .iterate(boardCount);
  const starts = new Int32Array(boardCount + 1);
  const terms: number[] = [];
  let next = 0;
  for (const [board, title] of rows) {
    starts.fill(terms.length, next, board + 1);
    next = board + 1;
    for (const term of new Set(builder.termsOf(wordsOf(title)))) terms.push(term);
  }
  starts.fill(terms.length, next);
  return terms.length === 0 ? undefined : { starts, terms };
}

/** The words that most of a pin's boards have in their titles, with the number of boards. */
function titlesOf(pinToBoard: Adjacency, pin: number, { starts, terms }: BoardTitles): [number, number][] {
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
  return list ?? [value.slice(0, textLengthMax)];
}

function listOf(json: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;
  } catch {
    return undefined;
  }
}
