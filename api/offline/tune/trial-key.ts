import { type Hash, createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Adjacency, SaveSplit } from '../../../engine/index.ts';

/**
 * Hash of all that determines an evaluation except its input: the sources that run it, and the V8
 * that runs them, whose Math functions may differ in the last bit. So after an update of either, trials are measured anew.
 */
export function codeHash(): string {
  const root = path.join(import.meta.dirname, '../../..');
  const hash = createHash('sha256').update(process.versions.v8);
  for (const folder of ['engine', 'api/contract', 'api/recommend', 'api/offline/evaluate']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).toSorted()) {
      // What is before a hash of text that ends in a NUL cannot be continued by it.
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(root, folder, file)))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/** Hash of saves and how they are split. O(saves). */
export function splitHash(splits: readonly SaveSplit[]): string {
  const hash = createHash('sha256');
  for (const { train, heldOut } of splits) {
    for (const adjacency of [train.pinToBoard, train.boardToPin, heldOut]) addAdjacency(hash, adjacency);
  }
  return hash.digest('hex');
}

/** Hash of a trial: of its code, its split and its settings. */
export function trialKey(code: string, split: string, asked: object): string {
  return createHash('sha256')
    .update(JSON.stringify([code, split, asked]))
    .digest('hex');
}

function addAdjacency(hash: Hash, { slices, neighbors }: Adjacency): void {
  hash.update(`${slices.length} ${neighbors.length}\0`).update(slices).update(neighbors);
}
