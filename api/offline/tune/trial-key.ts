import { type Hash, createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Adjacency, SaveSplit } from '../../../engine/index.ts';

/**
 * Hash of what determines an evaluation besides its input: the sources, and V8, whose Math functions may differ in the
 * last bit. After an update of either, trials are measured again.
 */
export function codeHash(): string {
  const root = path.join(import.meta.dirname, '../../..');
  const hash = createHash('sha256').update(process.versions.v8);
  for (const folder of ['engine', 'api/contract', 'api/recommend', 'api/offline/evaluate']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter(isCode);
    if (files.length === 0) throw new Error(`${folder} has no code to hash`);
    for (const file of files.toSorted()) {
      // The NULs keep name and text apart: files that differ cannot give the same byte sequence.
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(root, folder, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** TypeScript in a checkout, JavaScript in the installed package, which also has declarations. */
function isCode(file: string): boolean {
  return file.endsWith(path.extname(import.meta.filename)) && !file.endsWith('.d.ts');
}

/** Hash of saves and their split. O(saves). */
export function splitHash(splits: readonly SaveSplit[]): string {
  const hash = createHash('sha256');
  for (const { train, heldOut } of splits) {
    for (const adjacency of [train.pinToBoard, train.boardToPin, heldOut]) addAdjacency(hash, adjacency);
  }
  return hash.digest('hex');
}

/** The key of a trial: a hash of code, split and input. */
export function trialKey(code: string, split: string, input: object): string {
  return createHash('sha256')
    .update(JSON.stringify([code, split, input]))
    .digest('hex');
}

function addAdjacency(hash: Hash, { slices, neighbors }: Adjacency): void {
  hash.update(`${slices.length} ${neighbors.length}\0`).update(slices).update(neighbors);
}
