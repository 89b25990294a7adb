import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DataFolder, SaveWriter, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { storedSaves } from '../graph-data/plain-saves.ts';

const commits = 12;
const headerBytes = 32;
const frameBytes = 24 + 4096;

/** A folder as a kill leaves it after some commits: its files are copied while the writer has them open. */
class Killed {
  readonly folder: DataFolder;
  /** Frames of the write-ahead log that end a commit, counted from 1. */
  readonly ends: readonly number[];

  constructor(origin: DataFolder) {
    this.folder = temporaryDataFolder();
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(origin.database + end)) copyFileSync(origin.database + end, this.folder.database + end);
    }
    const log = readFileSync(this.log);
    const frames = Math.floor((log.length - headerBytes) / frameBytes);
    this.ends = Array.from({ length: frames }, (_, i) => i + 1).filter(
      (frame) => log.readUInt32BE(headerBytes + (frame - 1) * frameBytes + 4) !== 0,
    );
  }

  get log(): string {
    return `${this.folder.database}-wal`;
  }

  flip(at: number): this {
    const bytes = readFileSync(this.log);
    bytes[at]! ^= 4;
    writeFileSync(this.log, bytes);
    return this;
  }

  /** Flips a bit in the page of a frame. */
  flipFrame(frame: number): this {
    return this.flip(headerBytes + (frame - 1) * frameBytes + 1_000);
  }

  /** As after a power failure: the index is not synced. */
  withoutIndex(): this {
    rmSync(`${this.folder.database}-shm`);
    return this;
  }

  /** The saves that are left, or the refusal. */
  open(): number | string {
    try {
      const database = openDatabaseReadOnly(this.folder)!;
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      const { length } = storedSaves(database);
      database.close();
      return length;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function saveAll(writer: SaveWriter, first: number, count: number): void {
  for (let i = first; i < first + count; i++) {
    writer.apply([{ changes: [{ kind: 'save', user: 'ann', board: 'pasta', pin: `p${i}` }], time: 0 }]);
  }
}

const folder = temporaryDataFolder(afterAll);
let writer: SaveWriter;
beforeAll(() => {
  openDatabase(folder).close();
  writer = SaveWriter.open(folder, { busyMs: 100 });
  saveAll(writer, 0, commits);
});
afterAll(() => writer.close());

describe('an intact write-ahead log', () => {
  test('an intact write-ahead log is applied completely after a kill and after a power failure', () => {
    expect(new Killed(folder).open()).toBe(commits);
    expect(new Killed(folder).withoutIndex().open()).toBe(commits);
  });

  test('a write-ahead log with an unfinished last commit keeps all commits before it', () => {
    const cut = new Killed(folder).withoutIndex();
    truncateSync(cut.log, headerBytes + cut.ends.at(-2)! * frameBytes + 500);
    expect(cut.open()).toBe(commits - 1);
    // The parts of a commit reach the disk in any order.
    const torn = new Killed(folder).withoutIndex();
    expect(torn.flipFrame(torn.ends.at(-1)!).open()).toBe(commits - 1);
  });

  test('a write-ahead log can be opened while another connection writes to it', () => {
    const busy = temporaryDataFolder();
    const other = SaveWriter.open(busy, { busyMs: 100 });
    for (let i = 0; i < 50; i++) {
      saveAll(other, i, 1);
      expect(() => openDatabase(busy).close()).not.toThrow();
    }
    other.close();
  });
});

describe('a damaged write-ahead log', () => {
  test('a write-ahead log with a flipped bit anywhere is refused with the number of lost commits and the remedy', () => {
    for (const lost of [1, 2, 5, commits]) {
      const killed = new Killed(folder);
      const { ends } = killed;
      const message = killed.flipFrame(ends.at(-lost)!).open();
      expect(message).toContain(`${lost} or more commits`);
      expect(message).toContain('pages of acknowledged writes cannot be read: restore');
      const [, bytes] = /truncate -s (\d+) pinwalk\.db-wal and delete pinwalk\.db-shm/.exec(String(message))!;
      truncateSync(killed.log, Number(bytes));
      expect(killed.withoutIndex().open()).toBe(commits - lost);
    }
  });

  test('a damaged write-ahead log is refused after a power failure too if two or more commits are lost', () => {
    const killed = new Killed(folder).withoutIndex();
    expect(killed.flipFrame(killed.ends.at(-2)!).open()).toContain('2 or more commits, acknowledged writes');
  });

  test('a truncated or deleted write-ahead log, or one with a damaged header, is refused', () => {
    const cut = new Killed(folder);
    truncateSync(cut.log, headerBytes + cut.ends.at(-3)! * frameBytes);
    expect(cut.open()).toContain('pages of acknowledged writes cannot be read');
    const gone = new Killed(folder);
    rmSync(gone.log);
    expect(gone.open()).toContain('pages of acknowledged writes cannot be read');
    for (const at of [0, 17, 25]) {
      expect(new Killed(folder).flip(at).open()).toContain(`${commits} or more commits`);
      expect(new Killed(folder).withoutIndex().flip(at).open()).toContain(`${commits} or more commits`);
    }
  });

  test('a damaged write-ahead log is not needed if the database file contains its pages', () => {
    const copied = temporaryDataFolder();
    const other = SaveWriter.open(copied, { busyMs: 100 });
    saveAll(other, 0, commits);
    const checkpoint = openDatabase(copied);
    checkpoint.pragma('wal_checkpoint(PASSIVE)');
    const killed = new Killed(copied);
    expect(killed.flipFrame(killed.ends.at(-5)!).open()).toContain('nothing is lost');
    rmSync(killed.log);
    expect(killed.open()).toBe(commits);
    checkpoint.close();
    other.close();
  });

  test('a damaged write-ahead log that is partly in the database file is refused without a shortcut', () => {
    const partly = temporaryDataFolder();
    const other = SaveWriter.open(partly, { busyMs: 100 });
    saveAll(other, 0, commits);
    const reader = openDatabaseReadOnly(partly)!;
    reader.exec('BEGIN');
    storedSaves(reader);
    saveAll(other, commits, commits);
    const checkpoint = openDatabase(partly);
    checkpoint.pragma('wal_checkpoint(PASSIVE)');
    const killed = new Killed(partly);
    expect(killed.flipFrame(killed.ends[3]!).open()).toContain('has parts of them: restore');
    for (const database of [reader, checkpoint, other]) database.close();
  });
});
