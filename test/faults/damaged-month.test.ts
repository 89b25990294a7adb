import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import {
  DataError,
  type DataFolder,
  type Interaction,
  InteractionWriter,
  engagementReport,
  hasInteractions,
  readInteractions,
} from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

const day = Date.UTC(2026, 9, 20) / 86_400_000;
const options = {
  from: day,
  to: day + 30,
  by: 'surface',
  windowHours: 24,
  touch: 'last',
  dedupe: 'impression',
} as const;

/** Impressions and clicks of October and November. */
function fill(folder: DataFolder): void {
  const rows = Array.from({ length: 3_000 }, (_, i): Interaction => {
    const row = { user: `u${i % 40}`, pin: `p${i % 300}`, at: day * 86_400_000 + i * 800_000 };
    const list = { recommendationId: `r${i >> 2}`, surface: 'feed' };
    return i % 5 === 0
      ? { ...row, kind: 'click' }
      : { ...row, ...list, kind: 'impression', rank: 1 + (i % 4) };
  });
  const writer = new InteractionWriter(folder, 1_000);
  writer.apply([{ rows, time: 0 }]);
  writer.close();
}

const october = (folder: DataFolder): string => path.join(folder.root, 'interactions/2026-10.db');

const damages: readonly (readonly [string, (file: string) => void])[] = [
  ['emptied', (file) => truncateSync(file, 0)],
  ['cut in half', (file) => truncateSync(file, readFileSync(file).length >> 1)],
  ['overwritten from the start', (file) => writeFileSync(file, Buffer.alloc(8_192, 0x55))],
  ['overwritten after the first page', (file) => writeFileSync(file, readFileSync(file).fill(0x55, 4_096))],
];

const server = serveForSuite(
  async (folder) => {
    await importSaves(folder, ['ann pasta basil']);
    fill(folder);
  },
  { isBuilt: false },
);

describe.each(damages)('a month that was %s', (_name, damage) => {
  test('calls that read it respond with 503, and name the month and the remedy; other months can be written', async () => {
    const file = october(server.folder);
    const copy = path.join(temporaryFolder(), 'copy.db');
    copyFileSync(file, copy);
    damage(file);
    const unavailable = {
      status: 503,
      body: {
        code: 'storage-unavailable',
        detail: expect.stringMatching(
          /interactions of 2026-10 are damaged .*restore interactions\/2026-10\.db/,
        ) as string,
      },
    };
    const report = '/v1/reports/engagement?from=2026-10-20&to=2026-11-10';
    expect(await server.get(report)).toMatchObject(unavailable);
    expect(await server.get('/v1/users/u3/export')).toMatchObject(unavailable);
    expect(await server.get('/v1/users/u3', { method: 'DELETE' })).toMatchObject(unavailable);
    const click = { kind: 'click', user: 'u3', pin: 'p1', at: '2026-10-21' };
    expect(await server.post('/v1/interactions', click)).toMatchObject(unavailable);
    const later = await server.post('/v1/interactions', { ...click, at: '2026-11-02' });
    expect(later.status).toBe(202);
    // Requests that arrive together share a commit: what is of the other month is stored.
    const sent = [
      click,
      { ...click, at: '2026-11-03' },
      { ...click, user: 'u4' },
      { ...click, at: '2026-11-04' },
    ];
    const together = await Promise.all(sent.map(async (row) => server.post('/v1/interactions', [row])));
    expect(together.map(({ status }) => status)).toEqual([503, 202, 503, 202]);
    expect(together[2]).toMatchObject(unavailable);
    const both = [{ ...click, at: '2026-11-05' }, click];
    expect(await server.post('/v1/interactions', both)).toMatchObject(unavailable);
    copyFileSync(copy, file);
    expect((await server.get(report)).status).toBe(200);
    // Of November alone: the writer would keep October open, and the next damage would be behind its back.
    const ofNovember = [sent[1], sent[3], both[0]];
    const again = await server.post('/v1/interactions', ofNovember);
    expect(again).toMatchObject({ status: 202, body: { added: 0, present: 3 } });
  });
});

test('one flipped bit gives the rows, or an error that names the month', () => {
  const folder = temporaryDataFolder();
  fill(folder);
  const file = october(folder);
  const sound = readFileSync(file);
  const random = randomStream(19);
  const reads: (() => unknown)[] = [
    () => engagementReport(folder, options),
    () => [...readInteractions(folder)].map(({ at }) => new Date(at).toISOString()),
    () => hasInteractions(folder, 'u3'),
  ];
  let failures = 0;
  for (let flip = 0; flip < 120; flip++) {
    const bytes = Buffer.from(sound);
    // Every other time within the head of a page, which has its structure.
    const at = nextBelow(random, bytes.length);
    const index = flip % 2 === 0 ? at : at - (at % 4_096) + nextBelow(random, 64);
    bytes[index]! ^= 2 ** nextBelow(random, 8);
    writeFileSync(file, bytes);
    for (const read of reads) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        expect(error.message).toContain('2026-10');
        failures++;
      }
    }
  }
  expect(failures).toBeGreaterThan(10);
});

test('a damaged file of counted days is replaced', () => {
  const folder = temporaryDataFolder();
  fill(folder);
  const report = engagementReport(folder, options);
  const file = path.join(folder.root, 'interactions/reports.db');
  for (const damage of [() => truncateSync(file, 5_000), () => writeFileSync(file, Buffer.alloc(9_000, 1))]) {
    damage();
    expect(engagementReport(folder, options)).toEqual(report);
  }
  expect(engagementReport(folder, options)).toEqual(report);
  expect(engagementReport(folder, options).daysCounted).toBe(0);
});
