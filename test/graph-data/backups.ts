import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect } from 'vitest';
import { packFiles } from '../../graph-data/backup/container.ts';
import {
  type DataFolder,
  SaveWriter,
  activateSnapshot,
  addPreset,
  backUp,
  buildSnapshot,
  createKey,
  loadActiveSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  readPresets,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';

export const origin = { pinwalk: '1.2.3', createdAt: new Date(0) };
export const root = temporaryFolder(afterAll);
export const source = openDataFolder(path.join(root, 'source'));
export const backup = path.join(root, 'backup.tar');

beforeAll(async () => {
  await fill(source, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato']);
  createKey(source, { scope: 'admin' }, (count) => Buffer.alloc(count, 7), 0);
  addPreset(source, 'home', { algorithm: 'pixie', params: { steps: 2_000 } });
  await backUp(source, backup, origin);
});

export async function fill(folder: DataFolder, saves: readonly string[]): Promise<void> {
  await importSaves(folder, saves);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version, { force: true });
}

/** All rows that a folder has, its presets, and the snapshot that it serves; fails if that needs a second choice. */
export function contentOf(folder: DataFolder): unknown {
  const database = openDatabaseReadOnly(folder)!;
  const tables = ['users', 'boards', 'pins', 'saves', 'source', 'keys', 'events'];
  const rows = tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all());
  database.close();
  const { version } = loadActiveSnapshot(folder, (fault) => expect.fail(fault.message));
  return { rows, version, presets: [...readPresets(folder)] };
}

/** Every file of a folder and its bytes, in hexadecimal. */
export function bytesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), 'hex')]));
}

export function save(folder: DataFolder, pin: string): void {
  const writer = SaveWriter.open(folder, { busyMs: 100 });
  writer.apply([{ changes: [{ kind: 'save', user: 'ann', board: 'pasta', pin }], time: 0 }]);
  writer.close();
}

export const refusal = (code: string, remedy: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(remedy) as string });

/** Each test restores into a folder of its own. */
let folders = 0;
export const newRoot = (): string => path.join(root, `restored${folders++}`);

/** A backup with other content, whose own checksums are right. */
export async function rewritten(change: (files: Map<string, Buffer>) => void): Promise<string> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.end(readFileSync(backup).subarray(0, -32));
  for await (const entry of entries) {
    files.set(entry.header.name, await buffer(entry as never));
  }
  change(files);
  const file = path.join(root, `rewritten${folders++}.tar`);
  const packed = [...files].map(([name, content]) => ({ name, bytes: content.length, content }));
  writeFileSync(file, await buffer(Readable.from(packFiles(packed, new Date(0), () => {}))));
  return file;
}

export async function withManifest(from: string, to: string): Promise<string> {
  return rewritten((files) => {
    const text = files.get('manifest.json')!.toString();
    expect(text).toContain(from);
    files.set('manifest.json', Buffer.from(text.replace(from, to)));
  });
}
