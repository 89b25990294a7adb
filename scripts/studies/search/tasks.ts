import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type RandomStream, nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';
import { type DataFolder, openDatabaseReadOnly } from '../../../graph-data/index.ts';
import { typoOf } from '../../bench/typo.ts';
import type { CorpusBoard, CorpusPin } from './corpus.ts';
import type { JudgedQuery } from './judge.ts';

/** A query and the pins that it should find. */
export interface Task {
  readonly pins: readonly CorpusPin[];
  readonly boards: readonly CorpusBoard[];
  readonly queries: readonly JudgedQuery[];
}

/** Letters of a word that gets a typo, words of a query, pins of a board that is to be found. */
const typoLettersMin = 5;
const queryWords = 3;
const boardPinsMin = 3;
const boardPinsMax = 100;

function linesOf(folder: string, name: string): string[] {
  return gunzipSync(readFileSync(path.join(folder, name)))
    .toString()
    .trim()
    .split('\n');
}

/** Rows of a tab separated file with a header. */
function rowsOf(folder: string, name: string): string[][] {
  return linesOf(folder, name)
    .slice(1)
    .map((line) => line.split('\t'));
}

/** Abstracts and questions, judged by people: code 1 is best, 4 worst, −1 not relevant. */
export function cranfield(folder: string): Task {
  const pins = linesOf(folder, 'docs.jsonl.gz').map((line) => JSON.parse(line) as CorpusPin);
  const judged = Map.groupBy(rowsOf(folder, 'relevance.tsv.gz'), ([query]) => query);
  const queries = rowsOf(folder, 'queries.tsv.gz').map(([query, text]) => ({
    text: text!,
    gains: new Map(
      (judged.get(query) ?? []).map(([, pin, code]) => [pin!, code === '-1' ? 0 : 5 - Number(code)]),
    ),
  }));
  // A graph needs saves, and these say nothing.
  return { pins, boards: pins.map(({ pin }) => ({ board: pin, pins: [pin] })), queries };
}

/** Tags of papers, half of them hidden: a tag should find the papers that lost it. */
export function tags(folder: string, count: number): Task {
  const stream = randomStream(2026);
  const shown = new Map<string, string[]>();
  const holders = new Map<string, { shown: Set<string>; hidden: Map<string, number> }>();
  for (const [pin, tag] of rowsOf(folder, 'pin-tags.tsv.gz') as [string, string][]) {
    const holding = holders.get(tag) ?? { shown: new Set(), hidden: new Map() };
    holders.set(tag, holding);
    if (nextUnit(stream) < 0.5) holding.hidden.set(pin, 1);
    else {
      holding.shown.add(pin);
      shown.set(pin, [...(shown.get(pin) ?? []), tag]);
    }
  }
  const saves = rowsOf(folder, 'saves.tsv.gz') as [string, string][];
  const boards = [...Map.groupBy(saves, ([user]) => user)].map(([board, rows]) => ({
    board,
    pins: rows.map(([, pin]) => pin),
  }));
  const pins = [...new Set(saves.map(([, pin]) => pin))].map((pin) => ({ pin, tags: shown.get(pin) ?? [] }));
  const usable = [...holders].filter(
    ([, { shown: visible, hidden }]) => hidden.size >= 10 && visible.size >= 10 && visible.size <= 150,
  );
  const queries = drawn(usable, count, stream).map(([text, { shown: known, hidden: gains }]) => ({
    text,
    gains,
    known,
  }));
  return { pins, boards, queries };
}

/** Movies, and what people call them: a board is what one person tagged alike. */
export function movies(folder: string): Pick<Task, 'pins' | 'boards'> {
  const pins = (rowsOf(folder, 'items.tsv.gz') as [string, string, string][]).map(([pin, title, genres]) => ({
    pin,
    title,
    tags: genres.split('|'),
  }));
  const tagged = Map.groupBy(
    rowsOf(folder, 'user_item_tag.tsv.gz') as [string, string, string][],
    ([user, , tag]) => `${user} ${tag}`,
  );
  const liked = Map.groupBy(
    (rowsOf(folder, 'ratings.tsv.gz') as [string, string, string][]).filter(
      ([, , rating]) => Number(rating) >= 4,
    ),
    ([user]) => user,
  );
  const boards: CorpusBoard[] = [...tagged].map(([board, rows]) => ({
    board,
    title: rows[0]![2],
    pins: [...new Set(rows.map(([, pin]) => pin))],
  }));
  for (const [user, rows] of liked) boards.push({ board: `${user} liked`, pins: rows.map(([, pin]) => pin) });
  return { pins, boards };
}

/** Packages of a folder with the sample, with their names as titles: dependencies are boards. A part of them. */
export function packages(folder: DataFolder, boardCount: number): Pick<Task, 'pins' | 'boards'> {
  const database = openDatabaseReadOnly(folder)!;
  const rows = database
    .prepare<[number], [string, string]>(
      `SELECT boards.key, pins.key FROM saves JOIN boards ON boards.id = saves.board JOIN pins ON pins.id = saves.pin
       WHERE saves.board % (SELECT max(1, count(*) / ?) FROM boards) = 0`,
    )
    .raw()
    .all(boardCount);
  database.close();
  const boards = [...Map.groupBy(rows, ([board]) => board)].map(([board, saves]) => ({
    board,
    title: board.replace(/\/\w+$/, '').replaceAll(/[^\p{L}\p{N}]+/gu, ' '),
    pins: saves.map(([, pin]) => pin),
  }));
  const pins = [...new Set(rows.map(([, pin]) => pin))].map((pin) => ({ pin, title: pin }));
  return { pins, boards };
}

function wordsOf({ title = '' }: CorpusPin): string[] {
  return (title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !/^\d{4}$/.test(word));
}

/** Known item: up to three words of a title, one of them with a typo, should find the pin. */
export function knownItem({ pins, boards }: Pick<Task, 'pins' | 'boards'>, count: number): Task {
  const stream = randomStream(2026, 1);
  const usable = pins.filter(
    (pin) => wordsOf(pin).length >= 2 && wordsOf(pin).some((word) => word.length >= typoLettersMin),
  );
  const queries = drawn(usable, count, stream).map((pin) => {
    const words = drawn(wordsOf(pin), queryWords, stream);
    const at = Math.max(
      0,
      words.findIndex((word) => word.length >= typoLettersMin),
    );
    words[at] = words[at]!.length >= typoLettersMin ? typoOf(words[at]!, stream) : words[at]!;
    return { text: words.join(' '), gains: new Map([[pin.pin, 1]]) };
  });
  return { pins, boards, queries };
}

/** Category: the title of a board should find its pins, without this board. */
export function category({ pins, boards }: Pick<Task, 'pins' | 'boards'>, count: number): Task {
  const usable = boards.filter(
    ({ title, pins: { length } }) => title !== undefined && length >= boardPinsMin && length <= boardPinsMax,
  );
  const hidden = drawn(usable, count, randomStream(2026, 2));
  const isHidden = new Set(hidden);
  const queries = hidden.map(({ title, pins: wanted }) => ({
    text: title!,
    gains: new Map(wanted.map((pin) => [pin, 1])),
  }));
  return { pins, boards: boards.filter((board) => !isHidden.has(board)), queries };
}

/** Up to `count` of them, without repeats, in the order drawn. */
function drawn<Each>(all: readonly Each[], count: number, stream: RandomStream): Each[] {
  const left = [...all];
  const taken: Each[] = [];
  while (taken.length < count && left.length > 0)
    taken.push(...left.splice(nextBelow(stream, left.length), 1));
  return taken;
}
