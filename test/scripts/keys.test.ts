import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDataFolder, openDatabaseReadOnly, readKeys } from '../../graph-data/index.ts';
import { listKeys } from '../../graph-data/database/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalkAlone, startPinwalk } from './command.ts';

const commandFor = () => {
  const data = path.join(temporaryFolder(), 'data');
  const run = (...args: string[]) => pinwalkAlone(...args, '--data', data);
  const runJson = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
  return { data, run, runJson };
};
const keyForm = /^pw_([0-9a-f]{12})_([\w-]{43})$/;

test('keys create prints a key once, and stores only a hash of its secret', async () => {
  const { data, run, runJson } = commandFor();
  const made = await run('keys', 'create', '--scope', 'write', '--name', 'the app');
  expect(made.code).toBe(0);
  const [, id, secret] = keyForm.exec(made.stdout.trim())!;
  const [row] = listKeys(openDataFolder(data));
  expect(row).toMatchObject({ id, name: 'the app', scope: 'write', revokedAt: null });
  expect(row!.hash).toEqual(createHash('sha256').update(secret!).digest());

  const another = await runJson('keys', 'create', '--scope', 'read');
  expect(another).toMatchObject({ scope: 'read', name: null, revokedAt: null });
  expect(another.key).toMatch(keyForm);
  expect(another.key).toContain(another.id);
  expect(another.id).not.toBe(id);

  for (const { stdout } of [await run('keys', 'list'), await run('keys', '--json')]) {
    expect(stdout).toContain(id);
    expect(stdout).toContain('the app');
    expect(stdout).not.toContain(secret);
    expect(stdout).not.toContain(row!.hash.toString('hex'));
    expect(stdout).not.toContain('hash');
  }
});

test('keys revoke is permanent, keeps the first time, and refuses an unknown key', async () => {
  const { data, run, runJson } = commandFor();
  openDataFolder(data);
  expect((await run('keys', 'list')).stdout).toContain('pinwalk keys create');
  expect(await runJson('keys', 'list')).toEqual({ keys: [] });
  const { id } = await runJson('keys', 'create', '--scope', 'admin');
  const revoked = await runJson('keys', 'revoke', id);
  expect(revoked).toMatchObject({ id, revokedAt: expect.stringMatching(/^20/) });
  expect(await runJson('keys', 'revoke', id)).toEqual(revoked);
  expect((await run('keys', 'list')).stdout).toContain('revoked');
  const database = openDatabaseReadOnly(openDataFolder(data))!;
  expect(readKeys(database)).toMatchObject([{ id }]);
  database.close();

  const unknown = await run('keys', 'revoke', '__proto__');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain('there is no key "__proto__"');
});

test('keys create refuses a missing or unknown scope, and a name that is too long', async () => {
  const { run } = commandFor();
  expect((await run('keys', 'create')).code).toBe(2);
  expect((await run('keys', 'create', '--scope', 'open')).code).toBe(2);
  expect((await run('keys', 'create', '--scope', 'read', '--name', 'x'.repeat(201))).code).toBe(2);
});

test('serve listens only on this machine without valid keys', async () => {
  const { data, run, runJson } = commandFor();
  /** The first output: a server that listens has passed the check. */
  const serve = async (...args: string[]): Promise<string> => {
    const { child, ended } = startPinwalk('serve', '--port', '0', '--data', data, ...args);
    const output = await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data')]);
    child.kill('SIGTERM');
    await ended;
    return String(output);
  };
  const everywhere = ['--host', '0.0.0.0'];
  expect(await run('serve', '--port', '0', ...everywhere)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('pinwalk keys create') as unknown,
  });
  const { id } = await runJson('keys', 'create', '--scope', 'read');
  expect(await serve(...everywhere)).toContain('listens on http://0.0.0.0:');
  await run('keys', 'revoke', id);
  expect((await run('serve', '--port', '0', ...everywhere)).code).toBe(2);
  expect(await serve()).toContain('listens on http://127.0.0.1:');
});
