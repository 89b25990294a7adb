import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  openExistingDataFolder,
  openDatabaseReadOnly,
  readConsumed,
  readInteractions,
  readPosition,
} from '../../../graph-data/index.ts';
import { type Reference, interactionId } from './reference.ts';

/** The offsets that a data folder has consumed, in all. */
export function consumedIn(data: string): number {
  const database = openDatabaseReadOnly(openExistingDataFolder(data))!;
  try {
    return readConsumed(database).reduce((sum, { next }) => sum + next, 0);
  } finally {
    database.close();
  }
}

/** The changes that a data folder has had. */
export function positionOf(data: string): number {
  const database = openDatabaseReadOnly(openExistingDataFolder(data))!;
  try {
    return readPosition(database);
  } finally {
    database.close();
  }
}

/** Differences between a data folder and the reference; empty if there are none. */
export function differences(data: string, reference: Reference): string[] {
  const folder = openExistingDataFolder(data);
  const database = openDatabaseReadOnly(folder)!;
  const faults: string[] = [];
  const expect = (what: string, is: unknown, expected: unknown): void => {
    if (is !== expected) faults.push(`${what}: ${String(is)} instead of ${String(expected)}`);
  };
  try {
    expect('changes', readPosition(database), reference.changes);
    const saves = database
      .prepare<[], string>(
        `SELECT boards.key || ' ' || pins.key FROM saves JOIN boards ON boards.id = board JOIN pins ON pins.id = pin
         WHERE boards.key LIKE 'board %'`,
      )
      .pluck()
      .all();
    expect('saves', saves.length, reference.saves.size);
    expect('unknown saves', saves.filter((save) => !reference.saves.has(save)).length, 0);
    const titles = database
      .prepare<[], { key: string; title: string }>("SELECT key, title FROM pins WHERE key LIKE 'described %'")
      .all();
    expect('described pins', titles.length, reference.described.size);
    const others = titles.filter(({ key, title }) => reference.described.get(key) !== title);
    expect('other titles', others.length, 0);
  } finally {
    database.close();
  }
  const ids = [...readInteractions(folder)].map(interactionId);
  expect('interactions', ids.length, reference.interactions.size);
  expect('unknown interactions', ids.filter((id) => !reference.interactions.has(id)).length, 0);
  const rejects = rejectsIn(folder.rejects);
  expect('rejects', rejects.length, reference.rejects.length);
  expect('distinct rejects', new Set(rejects).size, new Set(reference.rejects).size);
  return faults;
}

function rejectsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.rejects.jsonl'));
  return files.flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { topic, partition, offset } = JSON.parse(line) as Record<string, string | number>;
        return `${topic} ${partition} ${offset}`;
      }),
  );
}
