import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { type RealServer, killServer, request, startServer } from '../faults/real-server.ts';
import { commandEnv } from './command.ts';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/content.md'), 'utf8');
const example = page.slice(page.indexOf('## Worked example'), page.indexOf('## What it does'));

let server: RealServer | undefined;
afterEach(async () => killServer(server));

/** Mugs and lamps with pictures, as vectors of 4 dimensions in place of a model's 512. */
const products = [
  { pin: 'mug-12', title: 'Enamel mug, white', tags: ['camping'], vector: [9, 1, 0, 0] },
  { pin: 'mug-13', title: 'Enamel mug, red', tags: ['camping'], vector: [9, 2, 0, 0] },
  { pin: 'tent-1', title: 'Tent for two', tags: ['camping'], vector: [0, 0, 9, 0] },
  { pin: 'lamp-1', title: 'Desk lamp', tags: ['office'], vector: [0, 0, 0, 9] },
  { pin: 'lamp-2', title: 'Desk lamp, green', tags: ['office'], vector: [0, 0, 1, 9] },
  // Nobody has bought these two.
  { pin: 'beaker-1', title: 'Tinted beaker', tags: [], vector: [9, 1, 1, 0] },
  { pin: 'pencil-1', title: 'Pencil', tags: [], vector: [0, 9, 0, 0] },
];
const bought = {
  ann: ['mug-12', 'mug-13', 'tent-1'],
  bob: ['mug-12', 'mug-13', 'tent-1', 'lamp-1', 'lamp-2'],
  cem: ['mug-12', 'mug-13', 'tent-1', 'lamp-1', 'lamp-2'],
};
const orders = Object.entries(bought).flatMap(([user, pins]) =>
  pins.map((pin) => `${user},${pin},2026-11-01`),
);

/** A matrix of float32 as NumPy saves it. */
function npy(rows: readonly (readonly number[])[]): Buffer {
  const shape = `(${rows.length}, ${rows[0]!.length})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + '\n';
  const head = Buffer.from(`\u0093NUMPY\u0001\u0000__${header}`, 'latin1');
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, Buffer.from(Float32Array.from(rows.flat()).buffer)]);
}

test('the worked example of docs/content.md runs as written', async () => {
  const folder = temporaryFolder();
  const put = (name: string, content: string | Buffer): void =>
    writeFileSync(path.join(folder, name), content);
  put('orders.csv', ['user,pin,savedAt', ...orders].join('\n'));
  put(
    'products.jsonl',
    products.map((row) => JSON.stringify({ pin: row.pin, title: row.title, tags: row.tags })).join('\n'),
  );
  put('vectors.npy', npy(products.map(({ vector }) => vector)));
  put('keys.txt', products.map(({ pin }) => pin).join('\n'));
  const commands = [...example.matchAll(/^pinwalk (?!serve)(.+)$/gm)].map(([, args]) => args!);
  expect(commands).toHaveLength(3);
  for (const args of commands) {
    const command = [path.join(root, 'scripts/main.js'), ...args.split(' ')];
    execFileSync(process.execPath, command, { cwd: folder, stdio: 'pipe', env: commandEnv() });
  }
  const data = path.join(folder, 'data');
  server = await startServer(data);
  const reasonsFor = async (pin: string): Promise<Record<string, string>> => {
    const { status, body } = await request(`${server!.url}/v1/pins/${pin}/related?explain=true`);
    expect(status).toBe(200);
    return Object.fromEntries(
      (body.items as { pin: string; reason: { text: string } }[]).map((item) => [item.pin, item.reason.text]),
    );
  };
  expect(await reasonsFor('beaker-1')).toMatchObject({ 'mug-12': 'looks like beaker-1' });
  expect(await reasonsFor('mug-12')).toMatchObject({ 'beaker-1': 'looks like mug-12' });

  const [, body] = /-d '(\{.+\})'/s.exec(example)!;
  const product = JSON.parse(body!.replace('[…]', '[9,1,0,0]')) as object;
  const response = await fetch(`${server.url}/v1/pins/mug-77`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(product),
  });
  expect(response.status).toBe(200);
  // "Recommended within a second or so": however busy the machine is, not only after a build.
  const likeMug = async (): Promise<string | undefined> => (await reasonsFor('mug-12'))['mug-77'];
  await expect.poll(likeMug).toBe('same words as mug-12: enamel, mug, camping');
});
