import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NotificationStore, openDataFolder } from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { commandEnv } from '../scripts/command.ts';
import { spawn } from 'node:child_process';

/** More than are sent at once. */
const people = Array.from({ length: 10 }, (_, i) => `u${i}`);

test('Ctrl-C of notify send lets what is being sent end, and the next run sends the others, none twice', async () => {
  const folder = openDataFolder(path.join(temporaryFolder(), 'data'));
  await importSaves(folder, ['ann herbs basil']);
  const store = new NotificationStore(folder, 5_000);
  for (const user of people)
    store.putChannels(user, [{ kind: 'webhook', address: user, consent: true, timeZone: 'UTC', caps: {}, language: 'en' }], Date.now()); // prettier-ignore
  const expires = Date.now() + 86_400_000;
  const copy = { title: 'New', text: 'basil', language: 'en' };
  store.propose(people.map((user) => ({ user, channel: 'webhook', campaign: 'digest', window: 'w', pins: ['basil'], copy, expires })), Date.now()); // prettier-ignore
  store.close();

  const held: ServerResponse[] = [];
  let [taken, isHolding] = [0, true];
  const server = createServer((request, response) => {
    taken++;
    request.resume();
    if (isHolding) held.push(response);
    else response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const send = () => {
    const main = path.join(import.meta.dirname, '../../scripts/main.js');
    const args = [main, 'notify', 'send', '--data', folder.root, '--webhook-url', url];
    const child = spawn(process.execPath, args, { env: { ...commandEnv(), PINWALK_WEBHOOK_SECRET: 'x' } });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].on('data', (text: Buffer) => (output[name] += text.toString()));
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    return { child, output, ended };
  };

  const { child, output, ended } = send();
  await expect.poll(() => held.length, { timeout: 60_000 }).toBe(8);
  child.kill('SIGINT');
  await expect
    .poll(() => output.stderr + String(child.signalCode), { timeout: 60_000 })
    .toMatch(/stopping|SIGINT/);
  isHolding = false;
  for (const response of held) response.end();
  expect(await ended).toEqual({ code: 130, signal: null });
  expect(output.stderr).toMatch(/pinwalk: stopped: pinwalk notify send goes on with the others\n$/);
  expect(output.stdout).toMatch(/^8 sent, 0 to be tried again, 0 failed, 0 unknown/);

  const next = send();
  expect(await next.ended).toEqual({ code: 0, signal: null });
  expect(next.output.stdout).toMatch(/^2 sent, 0 to be tried again, 0 failed, 0 unknown/);
  expect(taken).toBe(10);
});
