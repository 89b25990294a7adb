import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { importFiles } from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { counts, importText, rejectsOf, savesIn } from './imports.ts';

const table = 'user,pin\nann,p1\nann,p2\nben,p1\n';
const saves = ['ann ann p1', 'ann ann p2', 'ben ben p1'];
const fixture = (name: string): Buffer =>
  readFileSync(path.join(import.meta.dirname, 'cases/containers', name));

function parquet(columns: Record<string, unknown[]>): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({ columnData: Object.entries(columns).map(([name, data]) => ({ name, data })) }),
  );
}

describe('compressed files', () => {
  test.each<[string, Uint8Array]>([
    ['saves.csv.gz', gzipSync(table)],
    ['saves.csv.zst', zstdCompressSync(table)],
    ['saves.csv.bz2', fixture('saves.csv.bz2')],
    ['saves.csv.xz', fixture('saves.csv.xz')],
    ['saves.csv.zip', fixture('one.zip')],
    ['members.csv.gz', Buffer.concat([gzipSync(table.slice(0, 20)), gzipSync(table.slice(20))])],
    [
      'frames.csv.zst',
      Buffer.concat([zstdCompressSync(table.slice(0, 20)), zstdCompressSync(table.slice(20))]),
    ],
  ])('importFiles reads the same saves from %s', async (name, content) => {
    const { folder, file } = await importText(name, content);
    expect(counts(file)).toEqual([3, 3, 0, 0]);
    expect(savesIn(folder)).toEqual(saves);
  });

  test.each(['saves.csv.bz2', 'saves.csv.xz', 'one.zip'])('a truncated %s stores nothing', async (name) => {
    const cut = fixture(name).subarray(0, -10);
    await expect(importText(name, cut)).rejects.toThrow(/cannot read/);
  });

  test('a file of an archive of several is named by its path in it', async () => {
    const folder = temporaryDataFolder();
    const archive = writeInput(folder, 'two.zip', fixture('two.zip'));
    await expect(importFiles(folder, [archive])).rejects.toThrow(
      /holds several files; name one of .*two\.zip\/set\/saves\.csv/,
    );
    await expect(importFiles(folder, [`${archive}/none.csv`])).rejects.toThrow(/does not hold none\.csv/);
    const { files } = await importFiles(folder, [`${archive}/set/saves.csv`]);
    expect(counts(files[0]!)).toEqual([3, 3, 0, 0]);
  });

  test('- is standard input', () => {
    const folder = temporaryDataFolder();
    const main = path.join(import.meta.dirname, '../../scripts/main.js');
    const args = [main, 'import', '-', '--format', 'csv', '--data', folder.root];
    const { stdout } = spawnSync(process.execPath, args, { input: gzipSync(table), encoding: 'utf8' });
    expect(stdout).toContain('- (saves): 3 read, 3 new, 0 duplicate, 0 rejected');
    expect(savesIn(folder)).toEqual(saves);
  });
});

describe('encodings', () => {
  test('--encoding reads other encodings, and UTF-16 is read by its mark', async () => {
    const text = 'user,pin\nannë,p1\n';
    const latin = await importText('latin.csv', Buffer.from(text, 'latin1'), { encoding: 'latin1' });
    expect(savesIn(latin.folder)).toEqual(['annë annë p1']);
    const marked = await importText('marked.csv', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect(savesIn(marked.folder)).toEqual(['annë annë p1']);
    const wide = await importText('wide.csv', Buffer.from(text, 'utf16le').swap16(), {
      encoding: 'utf-16be',
    });
    expect(savesIn(wide.folder)).toEqual(['annë annë p1']);
    await expect(importText('x.csv', text, { encoding: 'klingon' })).rejects.toThrow(/no encoding "klingon"/);
    const invalid = Buffer.concat([Buffer.from(text), Buffer.from([0x81])]);
    await expect(importText('x.csv', invalid, { encoding: 'shift_jis' })).rejects.toThrow(/cannot read/);
  });

  test('a Parquet row that is no UTF-8 is rejected like one of CSV, so that two ids never become one', async () => {
    const file = Buffer.from(parquet({ user: ['u1', 'u2'], pin: ['pXX', 'pYY'] }));
    for (let at = file.indexOf('pXX'); at >= 0; at = file.indexOf('pXX')) file[at + 1] = 0xff;
    const { file: report, folder } = await importText('broken.parquet', file);
    expect(counts(report)).toEqual([2, 1, 0, 1]);
    expect(rejectsOf(report)[0]!.reason).toBe('the row is not valid UTF-8');
    expect(savesIn(folder)).toEqual(['u2 u2 pYY']);
  });
});

describe('JSON', () => {
  const playlists = {
    info: { version: 1 },
    playlists: [
      { pid: 1, tracks: [{ track: { uri: 'a' } }, { track: { uri: 'b' } }] },
      { pid: 2, tracks: [{ track: { uri: 'a' } }] },
      { pid: 3, tracks: [] },
    ],
  };

  test('a list of objects is read like JSON lines', async () => {
    const rows = [
      { user: 'ann', pin: 'p1' },
      { user: 'ann', pin: 'p2' },
      { user: 'ben', pin: 'p1' },
    ];
    expect(savesIn((await importText('a.json', JSON.stringify(rows))).folder)).toEqual(saves);
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    expect(savesIn((await importText('lines.json', lines)).folder)).toEqual(saves);
  });

  test('--columns takes rows from lists inside of lists', async () => {
    const columns = ['board=playlists[].pid', 'pin=playlists[].tracks[].track.uri'];
    const { folder } = await importText('slice.json', JSON.stringify(playlists), { columns });
    expect(savesIn(folder)).toEqual(['1 1 a', '1 1 b', '2 2 a']);
    const lines = playlists.playlists.map((each) => JSON.stringify(each)).join('\n');
    const other = await importText('slice.jsonl', lines, {
      columns: ['board=pid', 'pin=tracks[].track.uri'],
    });
    expect(savesIn(other.folder)).toEqual(['1 1 a', '1 1 b', '2 2 a']);
  });

  test('two lists side by side, broken documents and truncated documents are refused', async () => {
    const columns = ['user=a[].u', 'pin=b[].p'];
    await expect(importText('x.json', '{"a": [], "b": []}', { columns })).rejects.toThrow(
      /several lists \(a, b\)/,
    );
    await expect(importText('x.json', '[{"user": "u", "pin": "p"}')).rejects.toThrow(
      /cannot read .* as JSON: it ends/,
    );
    await expect(importText('x.json', '[{"user": "u", "pin": }]')).rejects.toThrow(/cannot read .* as JSON/);
  });
});

test('a folder of Parquet files is one file, and its partitions are columns', async () => {
  const folder = temporaryDataFolder();
  const lake = path.join(folder.root, 'lake');
  for (const [user, pins] of [
    ['ann', ['p1', 'p2']],
    ['ben', ['p1']],
  ] as const) {
    mkdirSync(path.join(lake, `user=${user}`), { recursive: true });
    writeFileSync(path.join(lake, `user=${user}`, 'part-0.parquet'), parquet({ pin: [...pins] }));
  }
  const { files } = await importFiles(folder, [lake]);
  expect(counts(files[0]!)).toEqual([3, 3, 0, 0]);
  expect(savesIn(folder)).toEqual(saves);
});

test('--columns names the columns of Parquet by name and path', async () => {
  const file = parquet({ who: ['ann', 'ben'], what: ['p1', 'p1'] });
  const { folder } = await importText('x.parquet', file, { columns: ['user=who', 'pin=what'] });
  expect(savesIn(folder)).toEqual(['ann ann p1', 'ben ben p1']);
});
