import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import {
  type Change,
  ChangeReader,
  type DataFolder,
  type SaveWriter,
  createKey,
  revokeKey,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight } from '../data-folders.ts';
import { openWriter, reading, request, time } from './writers.ts';

/** Reads changes of one database in pages, and applies them to another. Returns the position of the other. */
function follow(from: DataFolder, to: SaveWriter, after: number, perPage: number): number {
  let position = after;
  for (;;) {
    const read = reading(from, (database) => new ChangeReader(database).read(position, perPage));
    if (typeof read === 'string') throw new Error(read);
    if (read.lines.length === 0) return position;
    ({ position } = to.applyChanges(Buffer.from(read.lines.map((line) => `${line}\n`).join('')), time));
    expect(position).toBe(read.upTo);
  }
}

/** All rows that a replica has of its writer. A mark of its own may end a page. */
function rowsOf(folder: DataFolder): unknown {
  return reading(folder, (database) => {
    const tables = ['users', 'boards', 'pins', 'saves', 'keys', 'vectors', 'vector_names'];
    const rows = tables.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]);
    const source = 'SELECT position, nextUser, nextBoard, nextPin FROM source';
    const log = 'SELECT position, kind, a, b FROM events ORDER BY position';
    expect(database.pragma('foreign_key_check')).toEqual([]);
    return [...rows, ...[source, log].map((select) => database.prepare(select).all())];
  });
}

test.each([1, 2, 3])(
  'a copy that follows has the rows of the database, whatever was changed (seed %i)',
  (seed) => {
    const { folder, writer } = openWriter();
    const copy = openWriter();
    const random = randomStream(seed);
    const below = (n: number): number => nextBelow(random, n);
    const one = (): Change => {
      const [user, pin, what] = [`u${below(4)}`, `p${below(9)}`, below(20)];
      const save = { user, board: `${user}/${below(3)}`, pin };
      if (what < 9)
        return { kind: 'save', ...save, ...(below(2) === 0 && { savedAt: 1_000 * below(99), weight: 0.1 }) };
      if (what < 13) return { kind: 'unsave', ...save };
      if (what === 13) return { kind: 'removePin', key: pin };
      if (what === 14)
        return { kind: 'hideInterest', user, interest: `i${below(3)}`, isHidden: below(2) === 0 };
      if (what === 15) return { kind: 'put', nodeKind: 'users', key: user, attributes: { a: below(9) } };
      if (what === 16)
        return { kind: 'put', nodeKind: 'boards', key: save.board, owner: user, title: `T${below(9)}` };
      const vectors = { words: below(3) === 0 ? null : { model: 'm', values: [1, below(9) - 4] } };
      const texts = {
        title: `Title ${below(9)}`,
        text: 'some words',
        createdAt: below(1e9),
        attributes: { b: pin },
      };
      return { kind: 'put', nodeKind: 'pins', key: pin, ...texts, ...(below(2) === 0 && { vectors }) };
    };
    let [position, key] = [0, ''];
    for (let i = 0; i < 150; i++) {
      writer.apply([request(...Array.from({ length: 1 + below(4) }, one))]);
      if (i % 40 === 20) writer.erase(`u${below(4)}`, time);
      if (i % 50 === 10) key = createKey(folder, { scope: 'read' }, randomBytes, i).row.id;
      if (i % 50 === 30) revokeKey(folder, key, i);
      if (below(4) > 0) continue;
      position = follow(folder, copy.writer, position, 1 + below(9));
      expect(rowsOf(copy.folder)).toEqual(rowsOf(folder));
    }
    follow(folder, copy.writer, position, 1_000);
    expect(rowsOf(copy.folder)).toEqual(rowsOf(folder));
    assertTextIndexIsRight(copy.folder);
    // What follows the copy in turn sees the same.
    const third = openWriter();
    follow(copy.folder, third.writer, 0, 7);
    expect(rowsOf(third.folder)).toEqual(rowsOf(folder));
  },
);

test('lines that do not follow the position of a copy change nothing', () => {
  const { folder, writer } = openWriter();
  writer.apply([request({ kind: 'save', user: 'ann', pin: 'basil' })]);
  const lines = reading(folder, (database) => new ChangeReader(database).read(0, 9));
  const copy = openWriter();
  const apply = (text: string): unknown => copy.writer.applyChanges(Buffer.from(text), time);
  const [first, ...others] = (lines as { lines: readonly string[] }).lines;
  expect(() => apply(others.join('\n'))).toThrow('where 1 has to follow');
  expect(() => apply(`${first}\n${first}`)).toThrow('where 2 has to follow');
  expect(() => apply('{"position":1,"kind":"future"}')).toThrow('kind');
  expect(rowsOf(copy.folder)).toEqual(rowsOf(openWriter().folder));
});
