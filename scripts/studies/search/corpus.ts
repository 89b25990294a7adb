import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import {
  type OpenGraph,
  type PinPage,
  type RankedPins,
  type Walks,
  type Blend,
  Searcher,
  Turns,
} from '../../../api/index.ts';
import { openGraph, recommend } from '../../../api/library/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  openDataFolder,
} from '../../../graph-data/index.ts';

export interface CorpusPin {
  readonly pin: string;
  readonly title?: string;
  readonly text?: string;
  readonly tags?: readonly string[];
}

export interface CorpusBoard {
  readonly board: string;
  readonly title?: string;
  readonly pins: readonly string[];
}

/** Pins of a list by SQLite's FTS5 alone. */
type PlainSearch = (text: string) => string[];

/** A data folder of its own with pins and boards, searched as the server does, and by FTS5 alone. */
export interface Corpus extends Disposable {
  readonly folder: DataFolder;
  readonly graph: OpenGraph;
  readonly search: (text: string, blend?: Blend, walks?: Walks) => Promise<PinPage>;
  readonly walks: Walks;
  /** 20 pins, as REST returns by default. */
  readonly first: (text: string) => Promise<unknown>;
  readonly plainFirst: (text: string) => Promise<unknown>;
  /** How long the index of texts took, in milliseconds. */
  readonly indexedMs: number;
  readonly plain: PlainSearch;
  readonly porter: PlainSearch;
}

const limit = 500;
const pageSize = 20;
const walked = 200;

export async function openCorpus(
  pins: readonly CorpusPin[],
  boards: readonly CorpusBoard[],
): Promise<Corpus> {
  const root = mkdtempSync(path.join(tmpdir(), 'pinwalk-study-'));
  const folder = openDataFolder(path.join(root, 'data'));
  const write = (name: string, rows: readonly object[]): string => {
    const file = path.join(root, name);
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    return file;
  };
  const saves = boards.flatMap(({ board, pins: saved }) => saved.map((pin) => ({ user: board, board, pin })));
  const titled = boards.flatMap(({ board, title }) => (title === undefined ? [] : [{ board, title }]));
  const files = [write('saves.jsonl', saves), write('pins.jsonl', pins)];
  if (titled.length > 0) files.push(write('boards.jsonl', titled));
  await importFiles(folder, files);
  const { version } = await buildSnapshot(folder, () => performance.now(), { analysis: false });
  activateSnapshot(folder, version);
  const graph = openGraph(folder.root);
  const counts = { savesOf: async () => 0, ofUser: async () => ({ boards: 0 }) };
  const searcher = new Searcher(folder, graph.store, counts, new Turns(setImmediate));
  const started = performance.now();
  await searcher.ready(graph.snapshot);
  const indexedMs = performance.now() - started;
  const titlesOf = new Map<string, string[]>();
  for (const { title, pins: saved } of boards) {
    if (title === undefined) continue;
    for (const pin of saved) titlesOf.set(pin, [...(titlesOf.get(pin) ?? []), title]);
  }
  const plain = plainIndex(pins, titlesOf);
  const plainFirst = plain('unicode61', [1, 1, 1, 1], pageSize);
  return {
    folder,
    graph,
    search: async (text, blend, walks) =>
      searcher.pins(text, { limit, ...(walks && { walks }), ...(blend && { blend }) }, graph.snapshot),
    walks: { fromHits: async (query) => walkFrom(graph, query) },
    first: async (text) => searcher.pins(text, { limit: pageSize }, graph.snapshot),
    plainFirst: async (text) => plainFirst(text),
    indexedMs,
    plain: plain('unicode61', [1, 1, 1, 1]),
    porter: plain('porter unicode61', [4, 1, 1, 1]),
    [Symbol.dispose]: () => {
      graph.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function walkFrom(graph: OpenGraph, query: { pin: string; weight: number }[]): RankedPins {
  return recommend(graph, { query, limit: walked }).items.map(({ pin = '' }) => pin);
}

/** FTS5 over the same words: any of them matches, best first by bm25. */
function plainIndex(
  pins: readonly CorpusPin[],
  titlesOf: ReadonlyMap<string, readonly string[]>,
): (tokenizer: string, weights: readonly number[], count?: number) => PlainSearch {
  return (tokenizer, weights, count = limit) => {
    const database = new SqliteDatabase(':memory:');
    database.exec(
      `CREATE VIRTUAL TABLE words USING fts5 (title, text, tags, boards, tokenize = '${tokenizer}')`,
    );
    const insert = database.prepare(
      'INSERT INTO words (rowid, title, text, tags, boards) VALUES (?, ?, ?, ?, ?)',
    );
    database.transaction(() => {
      for (const [i, { pin, title, text, tags }] of pins.entries()) {
        insert.run(i, title ?? '', text ?? '', tags?.join(' ') ?? '', titlesOf.get(pin)?.join(' ') ?? '');
      }
    })();
    const select = database
      .prepare<[string], number>(
        `SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, ${weights.join(', ')}) LIMIT ${count}`,
      )
      .pluck();
    return (text) => {
      const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
      if (words.length === 0) return [];
      return select.all(words.map((word) => `"${word}"`).join(' OR ')).map((row) => pins[row]!.pin);
    };
  };
}
