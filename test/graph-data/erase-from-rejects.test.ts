import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DataFolder, eraseFromRejects, isInRejects } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

/** Writes rows as an import rejects them. */
function reject(folder: DataFolder, rows: readonly object[], name = 'rows'): void {
  mkdirSync(folder.rejects, { recursive: true });
  const lines = rows.map(
    (row, i) => `${JSON.stringify({ line: i + 1, reason: 'pin is missing', ...row })}\n`,
  );
  writeFileSync(path.join(folder.rejects, `${name}.rejects.jsonl`), lines.join(''));
}

/** The texts of the rows that are left. */
const left = ({ rejects }: DataFolder): string[] =>
  readdirSync(rejects).flatMap((name) =>
    readFileSync(path.join(rejects, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { text: string }).text),
  );

/** Erases one key from rows, and returns those that stay. */
function after(
  key: string,
  texts: readonly string[],
  more: object = {},
  folder = temporaryDataFolder(),
): string[] {
  reject(
    folder,
    texts.map((text) => ({ text, ...more })),
  );
  const before = texts.length;
  const isIn = isInRejects(folder, [key]);
  const { rows } = eraseFromRejects(folder, [key]);
  const stay = left(folder);
  expect([rows, isIn]).toEqual([before - stay.length, stay.length < before]);
  return stay;
}

const json = (value: unknown): string => JSON.stringify(value);
const everyUnit = (text: string): string =>
  `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
const everyByte = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Rows of every format that have a key as a field, in every escape. */
const rowsOf: Readonly<Record<string, (key: string) => string>> = {
  'quoted CSV': (key) => `${csv(key)},board`,
  'CSV with spaces': (key) => `board , ${csv(key)} ,1`,
  'bare CSV': (key) => `board,${key},1`,
  'an open quote': (key) => `"${key},board,pin`,
  TSV: (key) => `${key}\tboard`,
  MovieLens: (key) => `${key}::1193::five::978300760`,
  semicolons: (key) => `1;${key};board`,
  JSON: (key) => json({ user: key, pin: 'p', savedAt: 'never' }),
  'JSON with a name twice': (key) => `{"user":${json(key)},"user":"bob"}`,
  'JSON with every character escaped': (key) => `{"user":${everyUnit(key)},"pin":""}`,
  'JSON with escaped slashes': (key) => `{"user" : ${json(key).replaceAll('/', String.raw`\/`)}}`,
  'truncated JSON': (key) => `{"user":${everyUnit(key)},"pin"`,
  'JSON in single quotes': (key) => `{'user': '${key}', 'pin': 'p'}`,
  'a JSON array, as of Parquet': (key) => json([null, key, 'pin', 12]),
  'a JSON string': (key) => json(`${csv(key)},board`),
  'a name in JSON': (key) => json({ [key]: ['pin'] }),
  'an attribute of JSON': (key) => json({ pin: 'p', title: ['x', { by: key }] }),
  'a percent-encoded field': (key) => `${encodeURIComponent(key)},board`,
  'a percent-encoded form field': (key) => `${encodeURIComponent(key).replaceAll('%20', '+')}%2C,1`,
  'every byte percent-encoded': (key) => `board\t${everyByte(key)}`,
  'percent-encoded in JSON': (key) => json({ user: everyByte(key) }),
  'JSON in CSV': (key) => `1,${csv(json({ user: key }))}`,
  'JSON in JSON': (key) => json({ pin: 'p', note: json({ user: key }) }),
  'a JSON string in CSV, percent-encoded': (key) => `1,${encodeURIComponent(everyUnit(key))}`,
};

/** Letters, accents, emoji, and whatever formats give a meaning. */
const keys = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      '7',
      'ë',
      '字',
      '🌿',
      ' ',
      '/',
      '\\',
      '"',
      "'",
      ',',
      ';',
      ':',
      '%',
      '+',
      '\t',
      'b.c',
    ),
    {
      minLength: 3,
      maxLength: 12,
    },
  )
  .map((parts) => `k${parts.join('')}k`);

test.each(Object.entries(rowsOf))('eraseFromRejects erases only the rows of a key in %s', (name, rowOf) => {
  const folder = temporaryDataFolder();
  fc.assert(
    fc.property(keys, (key) => {
      // This form cannot contain such keys.
      fc.pre(name !== 'a percent-encoded form field' || !/[,%+]/.test(key));
      const others = [`${key}x`, `x${key}`, key.slice(1), 'bob'].map(rowOf);
      expect(after(key, [...others, rowOf(key), rowOf(key)], {}, folder)).toEqual(others);
    }),
    { numRuns: 15 },
  );
});

test('eraseFromRejects erases rows separated by spaces, and rows in Latin-1', () => {
  expect(after('ann', ['ann p1 p2', 'anna p1 p2'])).toEqual(['anna p1 p2']);
  const latin1 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
  expect(after('Zoë', [latin1('Zoë,b,p'), latin1('Zoëa,b,p')])).toEqual([latin1('Zoëa,b,p')]);
});

test('eraseFromRejects finds a number in any form, and a key equal to a column name only as a value', () => {
  expect(after('42', ['{"user":42}', '{"user":4.2e1}', '{"user":421}', '42,b', '142,b'])).toEqual([
    '{"user":421}',
    '142,b',
  ]);
  expect(after('user', ['{"user":"bob"}', '{"user":"user"}'])).toEqual(['{"user":"bob"}']);
});

test('eraseFromRejects erases a truncated row whose end may have been the key', () => {
  const ends = ['x,Chloë-of-', String.raw`{"a":1,"user":"Chlo\u00e`, 'x,Chlo%C3', '{"user":"Ch', 'x,bob'];
  expect(after('Chloë-of-the-hill', ends, { cut: true })).toEqual(['{"user":"Ch', 'x,bob']);
  expect(after('Chloë-of-the-hill', ends)).toEqual(ends);
});

test('eraseFromRejects finds a key that the reason quotes, but not its other words', () => {
  const reason = 'board "b of \\"ann\\"" belongs to another user (a hint)';
  expect(after('b of "ann"', ['bob,x,y'], { reason })).toEqual([]);
  expect(after('another', ['bob,x,y'], { reason })).toEqual(['bob,x,y']);
});

test('eraseFromRejects keeps rows that merely mention a key, and files without it byte for byte', () => {
  const stay = ['{"pin":"p","title":"a gift for ann"}', 'ann-marie,b', 'annabel,b', 'b,x/ann/y', 'npm:ann,b'];
  expect(after('ann', stay)).toEqual(stay);
  const folder = temporaryDataFolder();
  reject(folder, [{ text: 'ann,b' }], 'all');
  reject(folder, [{ text: 'bob,ü' }], 'none');
  expect(eraseFromRejects(folder, ['ann'])).toEqual({ rows: 1, files: 1 });
  expect(left(folder)).toEqual(['bob,ü']);
});

test('eraseFromRejects searches a line that is not JSON as text', () => {
  const folder = temporaryDataFolder();
  mkdirSync(folder.rejects, { recursive: true });
  const file = path.join(folder.rejects, 'x.rejects.jsonl');
  writeFileSync(file, `${json({ text: 'Zoë,b' }).slice(0, -2)}\n{"line":2,"text":"Zo\\u00eba,b"\n\n`);
  expect(eraseFromRejects(folder, ['Zoë'])).toEqual({ rows: 1, files: 0 });
  expect(readFileSync(file, 'utf8')).toBe('{"line":2,"text":"Zo\\u00eba,b"\n');
});

test('eraseFromRejects reads a large file in chunks', () => {
  const folder = temporaryDataFolder();
  const rows = Array.from({ length: 60_000 }, (_, i) => ({ text: `user${i},ü,${'x'.repeat(20)}` }));
  reject(folder, rows);
  expect(eraseFromRejects(folder, ['user777', 'user59999'])).toEqual({ rows: 2, files: 0 });
  expect(left(folder)).toEqual(rows.map(({ text }) => text).filter((_, i) => i !== 777 && i !== 59_999));
});
