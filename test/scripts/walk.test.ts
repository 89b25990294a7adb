import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import gexf from 'graphology-gexf';
import graphology from 'graphology';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openGraph } from '../../api/library/index.ts';
import { nodeCount } from '../../engine/index.ts';
import { loadActiveSnapshot, openDataFolder } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk, withoutProgress } from './command.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const run = (...args: string[]) => pinwalk(...args, '--data', data);
const runJson = async (...args: string[]) => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(withoutProgress(stderr)).toBe('');
  return JSON.parse(stdout);
};

beforeAll(async () => {
  const saves = path.join(folder, 'saves.csv');
  const pins = path.join(folder, 'pins.csv');
  writeFileSync(
    saves,
    `user,board,pin
ann,pasta,basil
ann,pasta,tomato
ann,pasta,garlic
ben,salads,tomato
ben,salads,basil
ben,salads,olive
cem,bread,garlic
cem,bread,olive
cem,bread,flour
`,
  );
  writeFileSync(pins, 'pin,title\ntomato,Tomato & co\n');
  await run('import', saves, pins);
  await run('build');
});

describe('pinwalk walk', () => {
  const query = ['--pin', 'basil', '--pin', 'flour', '--weight', '3'];

  test('walk returns the items of recommend, with steps, restarts and visits', async () => {
    const diagnostics = await runJson('walk', ...query, '--algorithm', 'pixie', '--steps', '4000');
    const recommended = await runJson(
      'recommend',
      ...query,
      '--algorithm',
      'pixie',
      '--steps',
      '4000',
      '--explain',
    );
    expect(diagnostics.graphVersion).toBe(recommended.graphVersion);
    expect(
      diagnostics.items.map(({ rank, pin, score, visits, reason }: Record<string, unknown>) => ({
        rank,
        pin,
        score,
        visits,
        reason,
      })),
    ).toEqual(recommended.items);
    expect(diagnostics.steps).toMatchObject({
      planned: 4_000,
      walked: 4_000,
      second: 0,
      lost: 0,
      stoppedEarly: false,
    });
    // The steps of the query pins add up to all steps.
    expect(diagnostics.queryPins).toMatchObject([
      { pin: 'basil', weight: 1, boards: 2 },
      { pin: 'flour', boards: 1 },
    ]);
    const [first, second] = diagnostics.queryPins;
    expect(first.steps + second.steps).toBe(4_000);
    expect(first.restarts + second.restarts).toBe(diagnostics.restarts.counted);
    expect(diagnostics.restarts.expected).toBe(2_000);
    for (const { visits, visitsByQueryPin } of diagnostics.items) {
      const sum = visitsByQueryPin.reduce(
        (total: number, each: { visits: number }) => total + each.visits,
        0,
      );
      expect(sum).toBe(visits);
    }
    expect(diagnostics.items[0].fields).toEqual({ title: 'Tomato & co' });
    expect(diagnostics.items[0].reason.text).toMatch(/^saved with basil on 2 boards/);
  });

  test('walk measures convergence by sixteen prefixes, each the list of recommend with that many steps', async () => {
    const basil = ['--pin', 'basil', '--algorithm', 'pixie', '--limit', '2'];
    const diagnostics = await runJson('walk', ...basil, '--steps', '160');
    expect(diagnostics.convergence.map(({ steps }: { steps: number }) => steps)).toEqual(
      Array.from({ length: 16 }, (_, i) => 10 * (i + 1)),
    );
    expect(diagnostics.convergence.at(-1).overlap).toBe(1);
    const short = await runJson('recommend', ...basil, '--steps', '10');
    const keys = (items: { pin: string }[]) => items.map(({ pin }) => pin);
    const both = keys(diagnostics.items).filter((key) => keys(short.items).includes(key)).length;
    expect(diagnostics.convergence[0].overlap).toBe(both / 2);
  });

  test('walk counts second steps and lost steps separately', async () => {
    const { steps, restarts } = await runJson('walk', '--user', 'ann');
    expect(steps.planned).toBe(100_000);
    expect(steps.walked).toBe(90_000);
    expect(steps.second).toBeGreaterThan(9_900);
    expect(Math.abs(steps.lost - steps.lostExpected)).toBeLessThan(5 * Math.sqrt(steps.lostExpected));
    expect(restarts.counted).toBe(steps.walked - steps.lost); // restart probability 1
  });

  test('walk counts visits of boards and users', async () => {
    for (const target of ['boards', 'users']) {
      const { items, steps } = await runJson('walk', '--pin', 'basil', '--target', target);
      expect(items.length).toBeGreaterThan(0);
      // Neither sharpened nor discounted: the score of a board or a user is its share of the steps.
      for (const { visits, score } of items) expect(visits / steps.walked).toBeCloseTo(score, 12);
    }
  });

  test('walk --trace prints the first paths of each query pin', async () => {
    const { paths } = await runJson('walk', ...query, '--trace', '4');
    expect(paths.map(({ nodes }: { nodes: string[] }) => nodes[0])).toEqual([
      'basil',
      'flour',
      'basil',
      'flour',
    ]);
    for (const { nodes } of paths) {
      if (nodes[0] === 'flour') expect(nodes[1]).toBe('bread');
      else expect(['pasta', 'salads']).toContain(nodes[1]);
    }
    const { stdout } = await run('walk', ...query, '--trace', '4');
    expect(stdout).toMatch(/First paths: pin \[board\] pin …\n {2}basil \[/);
  });

  test('walk --graph writes a graph file that can be read', async () => {
    const file = path.join(folder, 'walked.gexf');
    const { graph } = await runJson('walk', '--pin', 'basil', '--graph', file, '--nodes', '6');
    expect(graph).toMatchObject({ file, format: 'gexf' });
    const read = gexf.parse(graphology.UndirectedGraph, readFileSync(file, 'utf8'));
    expect([read.order, read.size]).toEqual([graph.nodes, graph.edges]);
    expect(read.order).toBeLessThanOrEqual(6);
    expect(readFileSync(file, 'utf8')).toMatch(
      /<description>Most visited nodes of a walk: snapshot \w+, related, seed 1</,
    );
    const labels = read.mapNodes((_node, { label, kind, query: isQueryPin }) => ({
      label,
      kind,
      query: isQueryPin,
    }));
    expect(labels).toContainEqual({ label: 'basil', kind: 'pin', query: true });
    expect(labels).toContainEqual({ label: 'Tomato & co', kind: 'pin', query: false });
    const tomato = read.findNode((_node, { key }) => key === 'tomato');
    expect(read.getNodeAttributes(tomato!)).toMatchObject({
      title: 'Tomato & co',
      visits: expect.any(Number) as number,
      score: expect.any(Number) as number,
      community: expect.any(Number) as number,
    });
    for (const ending of ['graphml', 'json']) {
      const other = path.join(folder, `walked.${ending}`);
      expect((await run('walk', '--pin', 'basil', '--graph', other)).code).toBe(0);
      expect(readFileSync(other, 'utf8')).toContain('Tomato &');
    }
  });

  test('walk --graph writes the coarsest communities of pins and boards', async () => {
    const synthetic = path.join(folder, 'synthetic');
    await pinwalk(
      'sample',
      'synthetic',
      '--pins',
      '300',
      '--boards',
      '200',
      '--saves',
      '1500',
      '--data',
      synthetic,
    );
    await pinwalk('build', '--data', synthetic);
    const { graph, communities } = loadActiveSnapshot(openDataFolder(synthetic), () => {});
    const opened = openGraph(synthetic);
    const file = path.join(folder, 'synthetic.json');
    const [key] = opened.store.firstPinKeys(1);
    opened.close();
    await pinwalk('walk', '--pin', key!, '--graph', file, '--data', synthetic);
    const { nodes } = JSON.parse(readFileSync(file, 'utf8')) as {
      nodes: { attributes: { kind: 'pin' | 'board'; index: number; community: number } }[];
    };
    const { levels, pins, boards } = communities!;
    const communityAt = (level: number, kind: string, index: number) =>
      kind === 'pin'
        ? pins[level * nodeCount(graph.pinToBoard) + index]
        : boards[level * nodeCount(graph.boardToPin) + index];
    const found = nodes.map(({ attributes }) => attributes.community);
    const at = (level: number) =>
      nodes.map(({ attributes: { kind, index } }) => communityAt(level, kind, index));
    expect(new Set(nodes.map(({ attributes }) => attributes.kind))).toEqual(new Set(['pin', 'board']));
    expect(found).toEqual(at(levels - 1));
    expect(found).not.toEqual(at(0));
  });

  test('walk reports a query without saves', async () => {
    const fresh = path.join(folder, 'users.csv');
    writeFileSync(fresh, 'user\nzoe\n');
    await run('import', fresh);
    const { stdout, code } = await run('walk', '--user', 'zoe');
    expect(code).toBe(0);
    expect(stdout).toMatch(/no walk was run, and popular pins are recommended/);
  });

  test.each<[number, RegExp, string[]]>([
    [2, /name at least one query pin/, []],
    [2, /must end with one of \.gexf, \.graphml, \.json/, ['--pin', 'basil', '--graph', 'x.svg']],
    [2, /--nodes needs --graph FILE/, ['--pin', 'basil', '--nodes', '9']],
    [2, /Not an integer in \[2, 100000\]/, ['--pin', 'basil', '--graph', 'x.gexf', '--nodes', '1']],
    [2, /Not an integer in \[1, 10000\]/, ['--pin', 'basil', '--trace', '0']],
    [2, /paths does not walk: name pixie or a preset of it/, ['--pin', 'basil', '--algorithm', 'paths']],
    [
      2,
      /params\/stepz: there is no such parameter; did you mean "steps"\?/,
      ['--pin', 'basil', '--params', '{"stepz":1}'],
    ],
    [1, /the graph does not have "nowhere"/, ['--pin', 'nowhere']],
    [1, /ENOENT/, ['--pin', 'basil', '--graph', path.join(folder, 'missing', 'x.gexf')]],
  ])('walk refuses wrong usage with exit code %i: %s', async (expected, message, args) => {
    const { code, stderr } = await run('walk', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(expected);
    expect(existsSync('x.svg')).toBe(false);
  });
});
