import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { monthFile } from '../../graph-data/interactions/index.ts';
import { openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { commandEnv } from '../scripts/command.ts';

/** More than a commit has. */
const rows = 25_000;
const month = Date.UTC(2026, 4, 1);

test('Ctrl-C of an import of interactions says what is stored, and the same import adds the others', async () => {
  const folder = openDataFolder(path.join(temporaryFolder(), 'data'));
  const lines = Array.from(
    { length: rows },
    (_, i) => `impression,u${i % 50},p${i % 70},feed,${month / 1_000 + i}`,
  );
  const log = `kind,user,pin,surface,at\n${lines.join('\n')}\n`;
  const stored = (): number => {
    if (!existsSync(monthFile(folder, '2026-05'))) return 0;
    const database = new SqliteDatabase(monthFile(folder, '2026-05'), { readonly: true });
    try {
      return database.prepare<[], number>('SELECT count(*) FROM interactions').pluck().get()!;
    } catch {
      // Its tables are being made.
      return 0;
    } finally {
      database.close();
    }
  };
  const start = () => {
    const args = [
      path.join(import.meta.dirname, '../../scripts/main.js'),
      'import',
      '--interactions',
      '-',
      '--data',
      folder.root,
    ];
    const child = spawn(process.execPath, [...args, '--format', 'csv'], { env: commandEnv() });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdin.on('error', () => {});
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (text: Buffer) => (output[name] += text.toString()));
    const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
    return { child, output, ended };
  };

  const { child, output, ended } = start();
  child.stdin.write(log);
  await expect.poll(stored, { timeout: 60_000 }).toBe(20_000);
  child.kill('SIGINT');
  // The signal is seen between two pieces of the input.
  await expect.poll(() => output.stderr, { timeout: 60_000 }).toContain('stopping');
  child.stdin.write('impression,u1,p1,feed,1780000000\n');
  expect(await ended).toBe(130);
  expect(output.stderr).toMatch(
    /pinwalk: stopped; 20,000 new rows are stored: repeat the import to add the others\n$/,
  );
  expect(stored()).toBe(20_000);

  const again = start();
  again.child.stdin.end(log);
  expect(await again.ended).toBe(0);
  expect(again.output.stdout).toMatch(/25,000 read, 5,000 new, 20,000 duplicate/);
  expect(stored()).toBe(rows);
});
