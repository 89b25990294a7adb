import { randomBytes } from 'node:crypto';
import { cpSync } from 'node:fs';
import { nextBelow, randomStream } from '../../../engine/index.ts';
import {
  type Change,
  type DataFolder,
  SaveWriter,
  activateSnapshot,
  addPreset,
  buildSnapshot,
  createKey,
  importRows,
  openDataFolder,
  revokeKey,
} from '../../../graph-data/index.ts';

const users = 30;
const pins = 150;
const savesPerCommit = 4;
const commits = 40;
const time = Date.UTC(2026, 0, 1);

/** A folder with a part of everything, as a kill leaves it, and requests whose responses depend on all of it. */
interface KilledFolder {
  readonly root: string;
  /** Text of API keys. */
  readonly keys: { readonly read: string; readonly revoked: string };
  readonly paths: readonly string[];
}

/** Makes the folder: two snapshots, presets, keys, attributes, and writes that only the write-ahead log holds. */
export async function makeKilledFolder(within: string, seed: number): Promise<KilledFolder> {
  const random = randomStream(seed);
  const living = openDataFolder(`${within}/living`);
  const save = () => {
    const user = `user-${nextBelow(random, users)}`;
    const board = `${user}/board-${nextBelow(random, 3)}`;
    const pin = `pin-${Math.min(nextBelow(random, pins), nextBelow(random, pins))}`;
    return {
      kind: 'save' as const,
      user,
      board,
      pin,
      savedAt: time + nextBelow(random, 1e9),
      weight: 1 + nextBelow(random, 4),
    };
  };
  const rows = Array.from({ length: 600 }, () => ({ ...save(), savedAt: time, weight: NaN }));
  await importRows(living, [{ name: 'saves', rows: [rows] }]);
  const key = (name: string) =>
    createKey(living, { name, scope: name === 'admin' ? 'admin' : 'read' }, randomBytes, time);
  const [read, revoked] = [key('read').key, key('revoked')];
  revokeKey(living, revoked.row.id, time);
  addPreset(living, 'mine', { algorithm: 'paths', params: { halfLifeDays: 30 } });
  const writer = SaveWriter.open(living, { busyMs: 1_000 });
  const write = (changes: readonly Change[]) => writer.apply([{ changes, time }]);
  for (let pin = 0; pin < pins; pin++) {
    const [title, text] = [`Title ${pin} of ${nextBelow(random, 1e6)}`, `words about number ${pin}`];
    const attributes = { color: ['red', 'blue'][pin % 2], size: nextBelow(random, 1e6) };
    write([
      {
        kind: 'put',
        nodeKind: 'pins',
        key: `pin-${pin}`,
        title,
        text,
        url: `https://example.org/${pin}`,
        attributes,
      },
    ]);
  }
  for (let snapshot = 0; snapshot < 2; snapshot++) {
    write(Array.from({ length: savesPerCommit }, save));
    activateSnapshot(living, (await buildSnapshot(living, () => 0)).version, { force: true });
  }
  writer.truncateWal();
  for (let commit = 0; commit < commits; commit++) write(Array.from({ length: savesPerCommit }, save));
  // As the kill of a process leaves it: the writer has the files open.
  cpSync(living.root, `${within}/killed`, { recursive: true });
  writer.close();
  return { root: `${within}/killed`, keys: { read, revoked: revoked.key }, paths: paths() };
}

function each(count: number, path: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => path(i));
}

/** Together they read every row. */
function paths(): string[] {
  return [
    ...each(users, (user) => `/v1/users/user-${user}/saves?limit=1000`),
    ...each(pins, (pin) => `/v1/pins/pin-${pin}`),
    ...each(12, (pin) => `/v1/pins/pin-${12 * pin}/related?algorithm=paths&limit=100&explain=true`),
    ...each(6, (user) => `/v1/users/user-${5 * user}/feed?algorithm=mine&limit=20`),
    '/v1/search?q=title&limit=20',
    '/v1/search?q=words&limit=20',
  ];
}

export function copyOf(root: string, target: string): DataFolder {
  cpSync(root, target, { recursive: true });
  return openDataFolder(target);
}
