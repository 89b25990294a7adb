import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { syntheticDefaults, syntheticRows } from '../../graph-data/samples/index.ts';
import { writeTsv } from '../../scripts/commands/sample.ts';
import { temporaryFolder } from '../data-folders.ts';

test('a sample that is stopped while it is written leaves the former file, and no other', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'saves.tsv');
  writeFileSync(file, 'former');
  const stop = new AbortController();
  function* rows(): ReturnType<typeof syntheticRows> {
    yield* syntheticRows(syntheticDefaults);
    stop.abort();
  }
  const written = writeTsv(file, [{ name: 'synthetic', rows: rows() }], stop.signal);
  await expect(written).rejects.toMatchObject({ code: 'stopped' });
  expect(readFileSync(file, 'utf8')).toBe('former');
  expect(readdirSync(folder)).toEqual(['saves.tsv']);
});
