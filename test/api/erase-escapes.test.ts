import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type DataFolder, importFiles, readPresets } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { type Answer, serveForSuite } from './server.ts';

/** Keys with whatever formats escape; the random part is found in any file, whatever is done to the rest. */
const person = (): { key: string; mark: string } => {
  const mark = randomBytes(8).toString('hex');
  return { key: `Zoë "of" 7%41,\\${mark}`, mark };
};
const known = person();
/** Stands in rejected rows only. */
const rejected = person();
const neighbour = `${known.key}x`;

const escaped = (text: string, escape: (code: string) => string): string =>
  Array.from({ length: text.length }, (_, i) =>
    escape(text.charCodeAt(i).toString(16).padStart(4, '0')),
  ).join('');
const unicode = (text: string): string => `"${escaped(text, (code) => `\\u${code}`)}"`;
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const csv = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const jsonRows = (key: string): string[] => [
  `{"user":${unicode(key)},"pin":"p","savedAt":"never"}`,
  `{"user":${JSON.stringify(key)},"pin":"p","savedAt":"never"}`,
  `{"user":"${percent(key)}","pin":"p","savedAt":"never"}`,
  `{"user":"bob","user":${unicode(key)},"pin"`,
  JSON.stringify(`${csv(key)},b`),
];
const csvRows = (key: string): string[] => [
  `${csv(key)},b,p,never`,
  `${percent(key)},b,p,never`,
  `"${key},b,p,1`,
  `${csv(JSON.stringify({ user: key }))},p`,
];

async function fill(folder: DataFolder): Promise<void> {
  const saves = Array.from({ length: 400 }, (_, i) =>
    JSON.stringify({ user: `u${i % 50}`, pin: `pin-${(i * 7) % 30}` }),
  );
  const own = [1, 2, 3].map((i) => JSON.stringify({ user: known.key, pin: `pin-${i}` }));
  const keys = [known.key, rejected.key, neighbour];
  const lines = [...saves, ...own, ...keys.flatMap(jsonRows)];
  const rows = ['user,board,pin,savedAt', 'u1,u1,pin-1,1779000000', ...keys.flatMap(csvRows), ''];
  await importFiles(
    folder,
    [
      writeInput(folder, 'saves.jsonl', lines.join('\n')),
      writeInput(folder, 'saves.csv', rows.join('\n')),
      writeInput(folder, 'latin1.tsv', Buffer.from(`user\tpin\nu1\tpin-1\n${known.key}\tpin-2\n`, 'latin1')),
    ],
    { maxRejects: 100 },
  );
  const sweep = writeInput(
    folder,
    `${known.key}.yaml`,
    `saves: { data: ${folder.root}, holdOut: 0.3 }\nvalidation: { holdOut: 0.3 }\nk: 5\nresamples: 100\n` +
      'search: { method: grid }\nspace: [{ algorithm: pixie, params: { steps: [100, 200] } }]\n',
  );
  const results = path.join(folder.root, 'sweep.results.db');
  const { code, stderr } = await pinwalk('sweep', sweep, '--results', results, '--promote', 'home');
  expect([code, stderr]).toEqual([0, expect.any(String)]);
}

const server = serveForSuite(fill);

/** A text as it is, and with all escapes undone, twice. */
function readings(text: string): string[] {
  const undone = (each: string): string[] => [
    each.replaceAll(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    each.replaceAll(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  ];
  const once = undone(text);
  return [text, ...once, ...once.flatMap(undone)];
}

/** Names of the files, under the data folder and of the log, in which the text stands in any escape. */
function filesWith(text: string): string[] {
  const files = readdirSync(server.folder.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [path.basename(file), readFileSync(file, 'latin1')] as const);
  return [...files, ['the log', server.logLines.join('\n')] as const]
    .filter(([, content]) => readings(content).some((reading) => reading.includes(text)))
    .map(([name]) => name);
}

const erase = (key: string): Promise<Answer> =>
  server.get(`/v1/users/${encodeURIComponent(key)}`, { method: 'DELETE' });

async function receiptOf(job: Answer): Promise<Answer['body']> {
  expect(job.status).toBe(202);
  const state = async () => (await server.get(`/v1/jobs/${job.body.id}`)).body;
  await expect.poll(async () => (await state()).state).not.toBe('running');
  return (await state()).result;
}

/** Texts of rejected rows. */
const rejectedRows = (): string =>
  readdirSync(server.folder.rejects)
    .map((name) => readFileSync(path.join(server.folder.rejects, name), 'utf8'))
    .join('');

test('a person is erased from every file, in every escape, and a similar key stays', async () => {
  const url = `/v1/users/${percent(known.key)}`;
  const headers = { 'content-type': 'application/json', 'idempotency-key': percent(known.key).slice(0, 200) };
  const body = `{"attributes":{"name":${unicode(known.key)}}}`;
  expect((await server.get(url, { method: 'PUT', headers, body })).status).toBe(200);
  expect((await server.get(`${url}/nothing`)).status).toBe(404);
  expect((await server.post('/v1/saves', { user: known.key, pin: 1 })).status).toBe(400);
  const before = filesWith(known.mark);
  expect(before).toEqual(expect.arrayContaining(['pinwalk.db', 'presets.json', 'saves.csv.rejects.jsonl']));
  expect(before).not.toContain('the log');

  const receipt = await receiptOf(await erase(known.key));
  expect(receipt).toMatchObject({
    rows: { users: 1, boards: 1, saves: 3, idempotencyRecords: 1 },
    rejects: { rows: 10, files: 1 },
    presets: 1,
  });
  // Rows of a person whose key only begins like it.
  expect(filesWith(known.mark)).toEqual(filesWith(`${known.mark}x`));
  expect(rejectedRows()).toContain(percent(neighbour));
  expect(readPresets(server.folder).get('home')).toMatchObject({ algorithm: 'pixie' });
  await receiptOf(await erase(neighbour));
  expect(filesWith(known.mark)).toEqual([]);
  expect((await erase(known.key)).status).toBe(404);
});

test('a person who is only in rejected rows is erased', async () => {
  expect(filesWith(rejected.mark)).not.toEqual([]);
  expect((await server.get(`/v1/users/${encodeURIComponent(rejected.key)}`)).status).toBe(404);
  const receipt = await receiptOf(await erase(rejected.key));
  expect(receipt).toMatchObject({ rows: { users: 0, saves: 0 }, rejects: { rows: 9 } });
  expect(filesWith(rejected.mark)).toEqual([]);
  expect((await erase(rejected.key)).status).toBe(404);
});

test('an erasure is refused as long as presets cannot be read, and erases nothing', async () => {
  const file = path.join(server.folder.root, 'presets.json');
  const presets = readFileSync(file);
  writeFileSync(file, '{');
  const job = await erase('u1');
  expect(await receiptOf(job)).toBeNull();
  expect((await server.get(`/v1/jobs/${job.body.id}`)).body.problem.detail).toContain('presets.json');
  expect((await server.get('/v1/users/u1')).status).toBe(200);
  writeFileSync(file, presets);
});
