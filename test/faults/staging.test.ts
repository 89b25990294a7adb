import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDataFolder } from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { commandEnv, pinwalkAlone } from '../scripts/command.ts';

const root = temporaryFolder(afterAll);
const source = openDataFolder(path.join(root, 'source'));
await importSaves(source, ['ann pasta basil', 'ann pasta tomato', 'bob tea mint']);

const ownNumbers = ['--pid', '--fork', '--kill-child'] as const;
const hasNumbers = spawnSync('unshare', [...ownNumbers, 'true']).status === 0;

/** Runs a command as process 1, as in a container. */
function asFirst(...args: string[]) {
  const main = path.join(import.meta.dirname, '../../scripts/main.js');
  return spawnSync('unshare', [...ownNumbers, process.execPath, main, ...args], {
    encoding: 'utf8',
    env: commandEnv(),
  });
}

async function otherProcess(start: string): Promise<{ child: ChildProcess; folder: string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'staging-child.ts'), start], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, folder: line.toString().trim() };
}

describe.skipIf(!hasNumbers)('a process that is number 1 of its container', () => {
  test('backs up, restores and publishes where a killed one of its number has left folders', () => {
    const [backups, restored, target] = ['backups', 'restored', 'published'].map((name) =>
      path.join(root, name),
    );
    const left = ['a.pinwalk-backup.1.partial', 'restore.1.partial', '.staging.1.partial'];
    for (const [i, folder] of [backups, restored, target].entries())
      mkdirSync(path.join(folder!, left[i]!), { recursive: true });
    const file = path.join(backups!, 'a');
    for (const args of [
      ['backup', file, '--data', source.root],
      ['restore', file, '--data', restored!],
      ['publish', target!, '--data', source.root],
    ])
      expect(asFirst(...args)).toMatchObject({
        status: 0,
        stderr: expect.not.stringContaining('cannot') as string,
      });
    for (const folder of [backups, restored, target])
      expect(readdirSync(folder!).filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('does not publish beside one of another container, nor delete its folder, until that is killed', async () => {
    const target = path.join(root, 'shared');
    mkdirSync(target);
    const { child, folder } = await otherProcess(path.join(target, '.staging.'));
    const refused = asFirst('publish', target, '--data', source.root);
    expect(refused.stderr).toMatch(/another process is publishing to .*: wait until it has finished/);
    expect(refused.status).toBe(1);
    expect(existsSync(folder)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(asFirst('publish', target, '--data', source.root).status).toBe(0);
    expect(readdirSync(target).toSorted()).toEqual(['LATEST.json', 'files', 'generations']);
  });
});

test('a backup leaves the folder of another that runs, and deletes it once that is killed', async () => {
  const folder = path.join(root, 'beside');
  mkdirSync(folder);
  const other = await otherProcess(path.join(folder, 'b.pinwalk-backup.'));
  expect((await pinwalkAlone('backup', path.join(folder, 'a'), '--data', source.root)).code).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(['a', path.basename(other.folder)]);
  other.child.kill('SIGKILL');
  await once(other.child, 'exit');
  expect((await pinwalkAlone('backup', path.join(folder, 'a'), '--force', '--data', source.root)).code).toBe(
    0,
  );
  expect(readdirSync(folder)).toEqual(['a']);
});
