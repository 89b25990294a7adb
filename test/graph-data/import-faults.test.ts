import { existsSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Store, importFiles, openDataFolder } from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { counts, importText, rejectsOf, savesIn } from './imports.ts';

test('an import with a third of its lines invalid stores the others and reports each invalid line', async () => {
  const lines = Array.from({ length: 999 }, (_, i) =>
    i % 3 === 1 ? `u${i}\tb${i}` : `u${i}\tb${i}\tp${i % 7}\t2020-01-01`,
  );
  const { file, graph } = await importText('mixed.tsv', `user\tboard\tpin\tsavedAt\n${lines.join('\n')}\n`);
  expect(counts(file)).toEqual([999, 666, 0, 333]);
  expect(graph.saves).toBe(666);
  const rejects = rejectsOf(file);
  expect(rejects.map(({ line }) => line)).toEqual(Array.from({ length: 333 }, (_, i) => 3 * i + 3));
  expect(rejects[0]).toEqual({ line: 3, reason: '2 fields, not 4', text: 'u1\tb1' });
});

test.each<[string, string | Uint8Array, number, RegExp]>([
  ['pin missing', 'user,pin\nu,\n', 2, /pin is missing/],
  ['key too long', `user,pin\nu,${'é'.repeat(257)}\n`, 2, /longer than 512 bytes/],
  ['date', 'user,pin,savedAt\nu,p,yesterday\n', 2, /savedAt is neither .* \(--date-format/],
  ['impossible month', 'user,pin,savedAt\nu,p,2020-13-01\n', 2, /savedAt is neither/],
  ['impossible day', 'user,pin,savedAt\nu,p,2023-02-29\n', 2, /savedAt is neither/],
  ['date without dashes', 'user,pin,savedAt\nu,p,20240131\n', 2, /savedAt is neither/],
  ['year', 'user,pin,savedAt\nu,p,2013\n', 2, /savedAt is neither/],
  ['day of a spreadsheet', 'user,pin,savedAt\nu,p,45291.5\n', 2, /savedAt is neither/],
  ['hexadecimal weight', 'user,pin,weight\nu,p,0x10\n', 2, /weight is not a positive number/],
  ['weight', 'user,pin,weight\nu,p,-1\n', 2, /weight is not a positive number/],
  ['infinite weight', 'user,pin,weight\nu,p,Infinity\n', 2, /weight is not a positive number/],
  ['quote inside', 'user,pin\nu,"p"x"\n', 2, /quote/],
  ['not UTF-8', Buffer.from('user,pin\nu,p\xff\n', 'latin1'), 2, /not valid UTF-8 \(--encoding/],
  ['line too long', `user,pin\nu,${'x'.repeat(3_000_000)}\nu,p\n`, 2, /longer than 1048576 characters/],
  ['a board of two users', 'user,board,pin\nu,b,p\nv,b,q\n', 3, /board "b" belongs to another user/],
])('rejects an invalid row with line and reason: %s', async (_name, content, line, reason) => {
  // A file of invalid rows alone is refused as a whole.
  const good = columnsOf(content).map((name) => ({ user: 'good', board: 'row', pin: 'row' })[name] ?? '');
  const { file } = await importText(
    'faulty.csv',
    Buffer.concat([Buffer.from(content), Buffer.from(`${good.join()}\n`)]),
  );
  expect(file.rejected).toBe(1);
  expect(file.read).toBe(file.new + file.rejected);
  expect(rejectsOf(file)).toMatchObject([{ line, reason: expect.stringMatching(reason) as string }]);
});

test.each([
  ['{"user":"u"}', /pin is missing/],
  ['[1, 2]', /not a JSON object/],
  ['{"user":"u","pin":', /not a JSON object/],
  ['{"user":"u","pin":{}}', /neither a string nor an integer/],
  ['{"user":"u","pin":1.5}', /neither a string nor an integer/],
  [String.raw`{"user":"u","pin":"\ud800"}`, /a lone surrogate/],
  ['{"user":"u","pin":"p","weight":true}', /weight is not a positive number/],
  ['{"pin":"q"}', /user and board are missing/],
])('rejects an invalid JSON line with its reason: %s', async (line, reason) => {
  const { file, graph } = await importText('faulty.jsonl', `{"user":"u","pin":"p"}\n${line}\n`);
  expect(rejectsOf(file)).toMatchObject([{ line: 2, reason: expect.stringMatching(reason) as string }]);
  expect(graph).toEqual({ users: 1, boards: 1, pins: 1, saves: 1 });
});

test.each([0, 300_000, 1_000_000, 1_048_000])(
  'rejects a line of more than 2^20 characters at any offset: %i',
  async (offset) => {
    const filler = `u,${'f'.repeat(500)}\n`;
    const before = filler.repeat(Math.floor(offset / filler.length));
    const line = (length: number) => `u,${'x'.repeat(length - 2)}\n`;
    const { file } = await importText(
      'long.csv',
      `user,pin\n${before}${line(2 ** 20)}${line(2 ** 20 + 1)}u,p\n`,
    );
    const reasons = rejectsOf(file).map(({ reason }) => reason);
    expect(reasons).toEqual(['pin is longer than 512 bytes', 'the line is longer than 1048576 characters']);
  },
);

test('a stray quote rejects only its own line', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => `u,p${i}`);
  lines[150] = 'u,"p150';
  const { file } = await importText('stray.csv', `user,pin\n${lines.join('\n')}\n`);
  expect(counts(file)).toEqual([300, 299, 0, 1]);
  expect(rejectsOf(file)[0]).toMatchObject({ line: 152, text: 'u,"p150' });
});

test('two stray quotes reject only their own lines, not the lines between', async () => {
  const between = Array.from({ length: 50 }, (_, i) => `g${i},p${i}`);
  const inches = ['user,pin', 'u1,5" floppy', ...between, 'u2,3.5" disk', 'u3,p3'].join('\n');
  expect(counts((await importText('inches.csv', inches)).file)).toEqual([53, 51, 0, 2]);
  const opened = ['user,pin', '"u1,a', ...between, 'u2",b"', 'u3,p3'].join('\n');
  expect(counts((await importText('opened.csv', opened)).file)).toEqual([53, 51, 0, 2]);
});

test.each(['\n', '\r\n'])('a quoted field can contain line ends and empty lines: %j', async (end) => {
  const content = ['pin,title', 'p1,"one', '', 'two ""2"""', 'p2,x', ''].join(end);
  const { folder, file } = await importText('pins.csv', content);
  expect(counts(file)).toEqual([2, 2, 0, 0]);
  const store = Store.open(folder);
  expect(store.nodeAt('pins', 0)?.title).toBe(`one${end}${end}two "2"`);
  store.close();
});

test('rejects a row with too deeply nested attributes', async () => {
  const deep = (levels: number) => `{"pin":"p${levels}","x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const { file } = await importText('deep.jsonl', [deep(20), deep(1_500), deep(20_000)].join('\n'));
  expect(counts(file)).toEqual([3, 1, 0, 2]);
  expect(rejectsOf(file)[0]).toMatchObject({
    line: 2,
    reason: expect.stringMatching(/nested deeper/) as string,
  });
});

test('rejects JSON rows beyond a thousand different names', async () => {
  const lines = Array.from({ length: 1_500 }, (_, i) => `{"pin":"p${i}","k${i}":1}`);
  const { file } = await importText('names.jsonl', lines.join('\n'));
  expect(counts(file)).toEqual([1_500, 999, 0, 501]);
});

test('files of the same name have separate rejects files', async () => {
  const folder = temporaryDataFolder();
  const one = writeInput(folder, 'x.csv', 'user,pin\nu1,p1\nbad\n');
  const other = writeInput(openDataFolder(`${folder.root}/deeper`), 'x.csv', 'user,pin\nu2,p2\nworse\n');
  const { files } = await importFiles(folder, [one, other, one]);
  expect(files.map((file) => rejectsOf(file).map(({ text }) => text))).toEqual([['bad'], ['worse'], ['bad']]);
});

test('an import beyond maxRejects stores nothing but keeps the rejects file', async () => {
  const folder = temporaryDataFolder();
  const file = writeInput(folder, 'bad.tsv', 'user\tpin\nu\tp\nu\nv\nw\n');
  await expect(importFiles(folder, [file], { maxRejects: 2 })).rejects.toThrow(/more than 2 rows are faulty/);
  expect(savesIn(folder)).toEqual([]);
  expect(readdirSync(folder.rejects)).toEqual(['bad.tsv.rejects.jsonl']);
  const accepted = await importFiles(folder, [file], { maxRejects: 3 });
  expect(counts(accepted.files[0]!)).toEqual([4, 1, 0, 3]);
});

test('a dry run stores nothing and reports the counts of the real import', async () => {
  const folder = temporaryDataFolder();
  const file = writeInput(folder, 'a.tsv', 'user\tpin\nu\tp\nu\tp\nx\n');
  const dry = await importFiles(folder, [file], { dryRun: true });
  expect(savesIn(folder)).toEqual([]);
  expect(existsSync(folder.rejects) ? readdirSync(folder.rejects) : []).toEqual([]);
  const real = await importFiles(folder, [file]);
  expect(counts(dry.files[0]!)).toEqual(counts(real.files[0]!));
  expect(dry.graph).toEqual(real.graph);
});

test('an unreadable file rolls back the files before it', async () => {
  const folder = temporaryDataFolder();
  const good = writeInput(folder, 'good.tsv', 'user\tpin\nu\tp\n');
  const cut = writeInput(folder, 'cut.tsv.gz', gzipSync('user\tpin\nu\tp\n'.repeat(1000)).subarray(0, -20));
  await expect(importFiles(folder, [good, cut])).rejects.toThrow(/cannot read .*cut\.tsv\.gz/);
  await expect(importFiles(folder, [good, `${good}x`])).rejects.toThrow(/no such file/);
  expect(savesIn(folder)).toEqual([]);
});

test('an aborted import stores nothing', async () => {
  const folder = temporaryDataFolder();
  const file = writeInput(folder, 'a.tsv', 'user\tpin\nu\tp\n');
  const attempt = importFiles(folder, [file], { signal: AbortSignal.abort() });
  await expect(attempt).rejects.toMatchObject({ code: 'stopped' });
  expect(savesIn(folder)).toEqual([]);
});

function columnsOf(content: string | Uint8Array): string[] {
  return Buffer.from(content).toString('latin1').split('\n')[0]!.split(',');
}

test.each([
  ['empty.csv', '', ['it has no rows']],
  ['header.csv', 'user,board,pin\n', ['it has no rows']],
  ['one.csv', 'user,board,pin\nu,b,p\n', []],
])('notes that a file has no rows: %s', async (name, content, notes) => {
  expect((await importText(name, content)).file.notes).toEqual(notes);
});
