import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type Change,
  type DataFolder,
  SaveWriter,
  hasUnfinishedErasure,
  openDatabaseReadOnly,
  readPosition,
} from '../../graph-data/index.ts';
import { readChanges } from '../../graph-data/database/index.ts';
import { assertTextIndexIsRight, temporaryDataFolder } from '../data-folders.ts';
import { PlainGraph, storedGraph } from '../graph-data/plain-saves.ts';

/** `npm run faults` kills a hundred times. */
const kills = Math.ceil(Number(process.env['PINWALK_KILLS'] ?? 8) / 2);
const child = path.join(import.meta.dirname, 'erasing-child.ts');
const random = randomStream(22);
const saves = 3_000;

function write(folder: DataFolder, person: string): void {
  const writer = SaveWriter.open(folder, { busyMs: 5_000 });
  const changes = Array.from({ length: saves }, (_, i): Change => {
    return { kind: 'save', user: person, board: `${person}/${i % 40}`, pin: `pin${i}` };
  });
  writer.apply([{ changes: [...changes, { kind: 'save', user: 'other', pin: 'pin1' }], time: 0 }]);
  writer.close();
}

/** Starts to erase a person, and kills the process unless it ends first; returns whether it reported the rows as gone. */
async function eraseAndDie(folder: DataFolder, person: string): Promise<boolean> {
  const erasing = spawn(process.execPath, [child, folder.root, person], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It may end before it is killed.
  const closed = once(erasing, 'close');
  let printed = '';
  erasing.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  await once(erasing.stdout, 'data');
  await wait(nextUnit(random) * 60);
  erasing.kill('SIGKILL');
  await closed;
  return printed.includes('rows\n');
}

const holds = (folder: DataFolder, text: string): boolean =>
  ['', '-wal', '-shm'].some((suffix) => {
    const file = folder.database + suffix;
    return existsSync(file) && readFileSync(file).includes(text);
  });

test(
  `${kills} kills while erasing leave all rows or none, and the erasure can be completed`,
  { timeout: 1_200_000 + 10_000 * kills },
  async () => {
    const folder = temporaryDataFolder();
    const replayed = new PlainGraph();
    let position = 0;
    for (let kill = 0; kill < kills; kill++) {
      const person = `person-${randomBytes(12).toString('hex')}`;
      write(folder, person);
      expect(holds(folder, person)).toBe(true);
      const isToldGone = await eraseAndDie(folder, person);
      const database = openDatabaseReadOnly(folder)!;
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      const count = (sql: string): unknown => database.prepare(sql).pluck().get();
      const users = count(`SELECT count(*) FROM users WHERE key = '${person}'`);
      expect([0, isToldGone ? 0 : 1]).toContain(users);
      const left = users === 1 ? [41, saves + 1] : [1, 1];
      expect([count('SELECT count(*) FROM boards'), count('SELECT count(*) FROM saves')]).toEqual(left);
      if (users === 0 && holds(folder, person)) expect(hasUnfinishedErasure(database)).toBe(true);
      const replay = (): void => {
        position = readChanges(database, position, (kind, a, b) => replayed.take(kind, a, b))!;
        expect(position).toBe(readPosition(database));
        expect(replayed.content()).toEqual(storedGraph(database));
      };
      replay();
      assertTextIndexIsRight(folder);

      const writer = SaveWriter.open(folder, { busyMs: 5_000 });
      expect(writer.erase(person, 0).users).toBe(users);
      replay();
      database.close();
      // The last changes name the person.
      writer.scrub(position);
      expect(writer.truncateWal()).toBe(true);
      writer.close();
      expect(holds(folder, person)).toBe(false);
    }
  },
);
