import { chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createLog } from '../../api/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { openServer } from './server.ts';

test.skipIf(process.platform === 'win32').each([
  ['a new folder', 0o700, 0o600, 0],
  ['a folder closed to others', 0o700, 0o644, 0],
  ['a database closed to others', 0o755, 0o600, 0],
  ['a folder and a database open to others', 0o755, 0o644, 1],
])('a server warns if others can read its database: %s', async (_what, folderMode, mode, warnings) => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil']);
  chmodSync(folder.root, folderMode);
  chmodSync(folder.database, mode);
  const lines: string[] = [];
  const log = createLog('warn', { write: (line: string) => void lines.push(line) });
  const { close } = await openServer({ folder, log });
  await close();
  expect(lines.filter((line) => line.includes('chmod -R go='))).toHaveLength(warnings);
});
