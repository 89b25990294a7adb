import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { commandEnv } from './command.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = temporaryDataFolder(afterAll);

beforeAll(async () => {
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
});

// With the npm, and the shell, of this machine: npm signals its shell alone.
test.each([
  ['npm start', ['start', '--']],
  ['npm run pinwalk', ['run', 'pinwalk', '--', 'serve']],
])('SIGTERM to %s stops the server gracefully and leaves no process behind', async (_, script) => {
  const args = [...script, '--data', folder.root, '--port', '0', '--threads', '1'];
  const child = spawn('npm', args, {
    cwd: root,
    env: commandEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that this test can end an orphan.
    detached: true,
  });
  onTestFailed(() => void process.kill(-child.pid!, 'SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // Its end is that of the last process that can write to it, so also that of an orphan.
  const ended = once(child, 'close');
  await expect.poll(() => text).toMatch(/serves graph/);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(text).toContain('received SIGTERM: finishing requests in flight');
});
