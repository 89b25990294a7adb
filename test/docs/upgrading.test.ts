import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { backupFormat } from '../../graph-data/backup/manifest.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import { formatVersion } from '../../graph-data/snapshot/format.ts';

test('the last line of the table of versions in docs/upgrading.md is of this version', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/upgrading.md'), 'utf8');
  const last = [...text.matchAll(/^\| \S+ +\| +(\d+) \| +(\d+) \| +(\S+) \|$/gm)].at(-1)!;
  expect(last.slice(1).map(Number)).toEqual([migrations.length, formatVersion, backupFormat]);
});
