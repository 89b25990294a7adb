import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WriteThread, type WriteThreadOptions } from '../../api/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type Change, type DataFolder, type WriteRequest, openDataFolder } from '../../graph-data/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { storedSaves } from '../graph-data/plain-saves.ts';

function startThread(
  options: Partial<WriteThreadOptions> = {},
  folder: DataFolder = temporaryDataFolder(),
): { folder: DataFolder; thread: WriteThread; faults: string[] } {
  const faults: string[] = [];
  const thread = new WriteThread(folder, { onFault: (fault) => faults.push(String(fault)), ...options });
  onTestFinished(() => thread.close());
  return { folder, thread, faults };
}

const save = (pin: string, user = 'ann'): Change => ({ kind: 'save', user, pin });
const request = (...changes: Change[]): WriteRequest => ({ changes, time: 0 });
const withPins = (count: number): WriteRequest =>
  request(...Array.from({ length: count }, (_, i) => save(`p${i}`)));

function savesIn(folder: DataFolder): string[] {
  const database = openDatabase(folder);
  const saves = storedSaves(database);
  database.close();
  return saves;
}

/** Frames of the write-ahead log that end a transaction: those with a database size other than 0. */
function commitsInLog(folder: DataFolder): number {
  const log = `${folder.database}-wal`;
  const bytes = existsSync(log) ? readFileSync(log) : Buffer.alloc(32);
  const frameBytes = 24 + bytes.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at < bytes.length; at += frameBytes) if (bytes.readUInt32BE(at + 4) !== 0) commits++;
  return commits;
}

describe('the writer thread', () => {
  test('waiting requests share a commit, and each gets its own outcome', async () => {
    const { folder, thread } = startThread();
    await thread.write(request(save('first')));
    const before = commitsInLog(folder);
    expect(before).toBeGreaterThan(0);
    const pins = Array.from({ length: 500 }, (_, i) => `p${i % 100}`);
    const answered: number[] = [];
    const outcomes = await Promise.all(
      pins.map(async (pin, i) => {
        const outcome = await thread.write(request(save(pin)));
        answered.push(i);
        return outcome;
      }),
    );
    expect(outcomes.map((outcome) => 'results' in outcome && outcome.results[0])).toEqual(
      pins.map((_, i) => (i < 100 ? 'added' : 'present')),
    );
    expect(answered).toEqual(pins.map((_, i) => i));
    const commits = commitsInLog(folder) - before;
    expect(commits).toBeLessThan(50);
    // Requests that changed nothing committed nothing.
    expect(thread.stats.commits - 1).toBeGreaterThanOrEqual(commits);
    expect(thread.stats.requests).toBe(501);
    // One by one, each is a transaction of its own.
    const start = commitsInLog(folder);
    for (let i = 0; i < 5; i++) await thread.write(request(save(`alone${i}`)));
    expect(commitsInLog(folder) - start).toBe(5);
  });

  test('a request beyond the limit of waiting changes is refused, and accepted later', async () => {
    const { folder, thread } = startThread({ changesMax: 1_000 });
    const first = thread.write(withPins(900));
    await expect(thread.write(withPins(101))).rejects.toMatchObject({ code: 'overloaded' });
    const second = thread.write(withPins(100));
    await Promise.all([first, second]);
    await thread.write(withPins(101));
    // A lone request is accepted at any size.
    await thread.write(withPins(2_000));
    expect(savesIn(folder)).toHaveLength(2_000);
    // What a stream has read ahead refuses no other request, but lets the stream wait.
    const block = { bytes: Buffer.from('{"user":"ann","pin":"streamed"}\n'), line: 1, lines: 1 };
    const ofStream = { client: '', isOfStream: true };
    const lines = thread.writeLines({ block, kind: 'save', time: 0 }, { ...ofStream, changes: 1_000 });
    expect(thread.hasRoom({ ...ofStream, changes: 1 })).toBe(false);
    await Promise.all([thread.write(withPins(1_000)), lines]);
    expect(thread.hasRoom({ ...ofStream, changes: 1 })).toBe(true);
    expect([thread.changesWaiting, savesIn(folder).length]).toEqual([0, 2_001]);
  });

  test('clients take turns: a single save waits for a turn of another client, not for all that it has waiting', async () => {
    const { thread } = startThread();
    await thread.write(request(save('first')), 'one');
    const order: string[] = [];
    const batches = Array.from({ length: 30 }, async () => {
      await thread.write(withPins(1_000), 'many');
      order.push('many');
    });
    const single = thread.write(request(save('single')), 'one').then(() => order.push('one'));
    await Promise.all([...batches, single]);
    expect(order.indexOf('one')).toBeLessThan(3);
    expect(thread.changesWaiting).toBe(0);
  });

  test('a small request goes before the large ones of its own client, which are given up for it once, and all are written', async () => {
    const { folder, thread } = startThread();
    // No small one, after which transactions are short for a second.
    await thread.write(withPins(200));
    const order: string[] = [];
    const batches = Array.from({ length: 20 }, async (_, batch) => {
      const changes = Array.from({ length: 1_000 }, (_each, i) => save(`p${batch * 1_000 + i}`));
      await thread.write(request(...changes));
      order.push(`large ${batch}`);
    });
    // The writer has begun with all of them, which take it a tenth of a second at least.
    await pause();
    await pause();
    const single = thread.write(request(save('single'))).then(() => order.push('small'));
    await Promise.all([...batches, single]);
    expect(order).toEqual(['small', ...batches.map((_, batch) => `large ${batch}`)]);
    expect(savesIn(folder)).toHaveLength(20_001);
  });

  test('a client that has nothing waiting is accepted although another has filled the queue', async () => {
    const { folder, thread } = startThread({ changesMax: 1_000 });
    const full = thread.write(withPins(1_000), 'many');
    await expect(thread.write(request(save('more')), 'many')).rejects.toMatchObject({ code: 'overloaded' });
    await thread.write(request(save('other')), 'one');
    await full;
    expect(savesIn(folder)).toHaveLength(1_001);
  });

  test('pending writes become durable on close, and the next write restarts the thread', async () => {
    const { folder, thread } = startThread();
    const writes = Array.from({ length: 50 }, (_, i) => thread.write(request(save(`p${i}`))));
    await thread.close();
    await Promise.all(writes);
    expect(savesIn(folder)).toHaveLength(50);
    await thread.write(request(save('late')));
    expect(savesIn(folder)).toHaveLength(51);
  });

  test('a write is refused while another process writes, and accepted afterwards', async () => {
    const { folder, thread, faults } = startThread({ busyMs: 20 });
    await thread.write(request(save('p0')));
    const other = openDatabase(folder);
    other.exec('BEGIN IMMEDIATE');
    const refused = await Promise.allSettled([1, 2, 3].map((i) => thread.write(request(save(`p${i}`)))));
    for (const each of refused) {
      expect(each).toMatchObject({
        reason: {
          code: 'storage-unavailable',
          message: expect.stringContaining('another process') as string,
        },
      });
    }
    expect(faults.join()).toContain('another process is writing');
    other.exec('ROLLBACK');
    other.close();
    await thread.write(request(save('p4')));
    expect(savesIn(folder)).toEqual(['ann ann p0', 'ann ann p4']);
  });
});

/** A file system of its own of this many megabytes, where this process may create one. */
function smallDisk(megabytes: number): { place: string; remount: (options: string) => void } | undefined {
  const place = temporaryFolder();
  const run = (...args: string[]): boolean => spawnSync('mount', args).status === 0;
  if (!run('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', place)) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', place]));
  return {
    place,
    remount: (options) => expect(run('-o', `remount,${options}`, place)).toBe(true),
  };
}

describe('a disk', () => {
  test('a disk that is full, then read-only, is reported; no write is lost, and later writes succeed', async ({
    skip,
  }) => {
    const disk = smallDisk(4);
    if (disk === undefined) {
      skip('only root may mount a disk');
      return;
    }
    const folder = openDataFolder(path.join(disk.place, 'data'));
    const { thread } = startThread({}, folder);
    let stored = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        const saves = Array.from({ length: 200 }, (_, i) => save(`pin${stored + i} ${'x'.repeat(400)}`));
        await thread.write(request(...saves));
        stored += 200;
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: expect.stringContaining('full') as string,
    });
    expect(stored).toBeGreaterThan(0);
    disk.remount('size=64m');
    expect(savesIn(folder)).toHaveLength(stored);
    await thread.write(request(save('after')));
    await thread.close();
    disk.remount('ro');
    await expect(thread.write(request(save('never')))).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: expect.stringContaining('cannot be written') as string,
    });
    disk.remount('rw');
    await thread.write(request(save('again')));
    expect(savesIn(folder)).toHaveLength(stored + 2);
  });
});
