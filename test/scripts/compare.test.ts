import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const page = path.join(folder, 'page.html');
const hostile = '<img src=x onerror=alert(1)> & "Salt"';

beforeAll(async () => {
  const saves = path.join(folder, 'saves.csv');
  const pins = path.join(folder, 'pins.csv');
  // Two groups of users with pins of their own; pin 0 is common to all.
  const rows = Array.from({ length: 60 }, (_, user) =>
    [0, ...[1, 2, 3, 4, 5].filter((i) => (user + i) % 5 > 0).map((i) => (user % 2) * 5 + i)].map(
      (pin) => `u${user},p${pin}`,
    ),
  ).flat();
  writeFileSync(saves, `user,pin\n${rows.join('\n')}\n`);
  writeFileSync(pins, `pin,title\np1,"${hostile.replaceAll('"', '""')}"\np2,Plain\n`);
  await pinwalk('import', saves, pins, '--data', data);
});

const run = (...args: string[]) =>
  pinwalk('compare', ...args, '--data', data, '--hold-out', '0.4', '--k', '4', '--threads', '1');

describe('pinwalk compare', () => {
  test('compare prints both settings, their differences, and examples with titles', async () => {
    const { code, stdout } = await run('feed-exact', 'popular', '--examples', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^recall@4 +0\.\d{4} +0\.\d{4} +[+−]0\.\d{4} \[/m);
    expect(stdout).toMatch(/^The lists share \d+\.\d % of the top 4 on average/m);
    expect(stdout).toMatch(/^u\d+: \d known pins?, \d held out; ndcg@4 \d\.\d{4} with feed-exact/m);
    expect(stdout).toContain('Plain');
    expect(stdout).not.toMatch(/NaN|undefined/);
  });

  test('compare --html writes the figures of the JSON, and escapes hostile titles', async () => {
    const { code, stdout } = await run('paths', 'popular', '--json', '--html', page);
    expect(code).toBe(0);
    const { results, wins, examples } = JSON.parse(stdout);
    const html = readFileSync(page, 'utf8');
    for (const { recall, ndcg } of results) {
      expect(html).toContain(`<td>${recall.toFixed(4)}</td>`);
      expect(html).toContain(`<td>${ndcg.toFixed(4)}</td>`);
    }
    expect(html).toContain(`<td>${wins.ndcg.a}</td>`);
    const titles = examples.flatMap(({ listA, listB }: Record<string, { title?: string }[]>) =>
      [...listA!, ...listB!].map(({ title }) => title),
    );
    expect(titles).toContain(hostile);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;Salt&quot;');
    expect(html).not.toMatch(/<img|<script/);
    expect(html).toContain(`pinwalk compare paths popular --json --html ${page}`);
    expect(html).not.toContain(process.execPath);
  });

  test('compare takes the same setting twice with other parameters', async () => {
    const { stdout } = await run('pixie', 'pixie', '--params-b', '{"steps":50}', '--json');
    const { results } = JSON.parse(stdout);
    expect(results.map(({ name }: { name: string }) => name)).toEqual(['pixie', 'pixie steps=50']);
    const [a, b] = results.map(({ params }: { params: object }) => params);
    expect(b).toEqual({ ...a, steps: 50 });
  });

  test('compare shows users and pins of files by their keys', async () => {
    const train = path.join(folder, 'train.tsv');
    const heldOut = path.join(folder, 'test.tsv');
    writeFileSync(train, 'ann\tä\nann\ty\nben\tä\nben\ty\nben\tz\n');
    writeFileSync(heldOut, 'ann\tz\n');
    const files = ['--train', train, '--test', heldOut, '--k', '1', '--threads', '1', '--json'];
    const { stdout } = await pinwalk('compare', 'paths', 'popular', ...files);
    expect(JSON.parse(stdout)).toMatchObject({ wins: { ndcg: { a: 0, b: 0, ties: 1 } }, examples: [] });
    writeFileSync(train, 'ann\tä\nben\tä\nben\tz\ncem\tq\ndan\tq\neva\tq\n');
    const other = await pinwalk('compare', 'paths', 'popular', ...files);
    expect(JSON.parse(other.stdout).examples).toEqual([
      expect.objectContaining({
        user: { key: 'ann' },
        knownPins: [{ key: 'ä' }],
        listA: [{ key: 'z', isHit: true, isShared: false }],
        listB: [{ key: 'q', isHit: false, isShared: false }],
      }),
    ]);
  });

  test.each([
    [['paths', 'paths'], /A and B are both paths: name another pipeline/],
    [['paths', 'magic'], /B: there is no algorithm or preset "magic"/],
    [['paths', 'popular', '--params-b', '{"x":1}'], /x: there is no such parameter/],
    [['paths', 'popular', '--metric', 'magic'], /Allowed choices are recall/],
    [['paths', 'popular', '--folds', '2'], /--hold-out SHARE and --folds N exclude each other/],
  ])('compare refuses %j as wrong usage', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  test('compare --pin shows the recommendations of both settings for one query, as recommend gives them', async () => {
    await pinwalk('build', '--data', data);
    const query = ['--pin', 'p2', '--pin', 'p3', '--data', data];
    const args = ['--params-a', '{"steps":400}', '--k', '6', '--json', '--html', page];
    const { code, stdout } = await pinwalk('compare', 'related', 'popular', ...query, ...args);
    expect(code).toBe(0);
    const { settings, listA, listB, overlap } = JSON.parse(stdout);
    const outputs = await Promise.all([
      pinwalk('recommend', ...query, '--algorithm', 'related', '--steps', '400', '--limit', '6', '--json'),
      pinwalk('recommend', ...query, '--algorithm', 'popular', '--limit', '6', '--json'),
    ]);
    const [a, b] = outputs.map((output) =>
      JSON.parse(output.stdout).items.map(({ pin, score }: { pin: string; score: number }) => [pin, score]),
    );
    const scored = (list: { key: string; score: number }[]) => list.map(({ key, score }) => [key, score]);
    expect([scored(listA), scored(listB)]).toEqual([a, b]);
    const keys = (list: [string, number][]) => list.map(([key]) => key);
    const both = keys(a).filter((key) => keys(b).includes(key));
    expect(both.length).toBeGreaterThan(0);
    expect(overlap).toBeCloseTo(both.length / 6, 12);
    for (const { key, placeInOther } of listA) {
      expect(placeInOther).toBe(keys(b).includes(key) ? keys(b).indexOf(key) + 1 : null);
    }
    expect(settings[0]).toMatchObject({ name: 'related steps=400', params: { steps: 400 } });
    const html = readFileSync(page, 'utf8');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<img|<script|undefined|NaN/);
    for (const { reason } of listA) expect(html).toContain(reason);
  });

  test('compare --pin prints both lists, and refuses a split', async () => {
    const query = ['--pin', 'p2', '--data', data];
    const { stdout } = await pinwalk('compare', 'related', 'popular', ...query, '--k', '3');
    expect(stdout).toMatch(/^p2: \d+\.\d % overlap; seed 1, graph [0-9a-f]{16}/);
    expect(stdout).toMatch(/^1 +\S.* \([–\d]\) +\S.* \([–\d]\)$/m);
    const both = await pinwalk('compare', 'related', 'popular', ...query, '--hold-out', '0.2');
    expect(both.stderr).toMatch(/omit files and split/);
    expect(both.code).toBe(2);
    const none = await pinwalk('compare', 'related', 'popular', '--pin', 'nowhere', '--data', data);
    expect(none.stderr).toMatch(/nowhere/);
    expect(none.code).toBe(1);
  });

  test('compare refuses folds', async () => {
    const { code, stderr } = await pinwalk('compare', 'paths', 'popular', '--data', data, '--folds', '2');
    expect(stderr).toMatch(/--folds evaluates each user several times/);
    expect(code).toBe(2);
  });
});
