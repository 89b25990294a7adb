import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readSweep } from '../../api/offline/tune/index.ts';
import { DataError } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from './command.ts';
import { writeCircles } from './sweeps.ts';

const folder = temporaryFolder(afterAll);
writeCircles(folder);
const good = `saves:
  train: circles.tsv
  holdOut: 0.2
validation: { holdOut: 0.1 }
search: { method: random, trials: 5 }
space:
  - algorithm: pixie
    params:
      steps: [100, 200]
      restartProbability: { from: 0.1, to: 1 }
`;
const write = (text: string): string => {
  const file = path.join(folder, 'sweep.yaml');
  writeFileSync(file, text);
  return file;
};
/** The faults of a file, each as "line:column: message". */
const faultsOf = (text: string): string[] => {
  const file = write(text);
  try {
    readSweep(file);
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace(`${file}:`, ''));
  }
};

describe('a sweep file', () => {
  test('a valid sweep file is read, with paths relative to its folder', () => {
    const { saves, space, search, k, metric, baseline } = readSweep(write(good));
    expect(saves).toEqual({ train: path.join(folder, 'circles.tsv'), holdOut: 0.2 });
    expect(space).toEqual([
      {
        name: 'pixie',
        algorithm: 'pixie',
        base: {},
        params: {
          steps: { kind: 'values', values: [100, 200] },
          restartProbability: { kind: 'range', from: 0.1, to: 1, isLog: false, isInteger: false },
        },
      },
    ]);
    expect([search, k, metric, baseline.name]).toEqual([{ method: 'random', trials: 5 }, 20, 'ndcg', 'feed']);
  });

  test.each([
    ['{ from: 100, to: 300, step: 100 }', [100, 200, 300]],
    ['{ from: 100, to: 10000, points: 3, scale: log }', [100, 1000, 10_000]],
    ['{ from: 1, to: 4, points: 9 }', [1, 2, 3, 4]],
    ['7', [7]],
  ])('a range of steps %s gives the values %j', (text, values) => {
    const { space } = readSweep(write(good.replace('[100, 200]', text)));
    expect(space[0]!.params['steps']).toEqual({ kind: 'values', values });
  });

  test('linear holds the build parameters of item weights, and a fault in it has its line', () => {
    expect(readSweep(write(`${good}linear: { ridge: 200 }\n`)).linear).toEqual({ ridge: 200 });
    const faults = faultsOf(`${good}linear: { ridge: 0, depth: 2 }\n`);
    expect(faults).toEqual([
      expect.stringMatching(/^11:18: linear.ridge: 0 is not a number in \[0.01, 1000000\]$/),
      expect.stringMatching(/^11:21: linear.depth: unknown field; the fields are neighborsMax, ridge/),
    ]);
  });

  test('a preset in the space keeps its own parameters', () => {
    const { space } = readSweep(write(good.replace('algorithm: pixie', 'algorithm: ideas')));
    expect(space[0]!).toMatchObject({
      name: 'ideas',
      algorithm: 'pixie',
      base: { steps: 30_000, lastHop: 'spread' },
    });
  });

  test.each<[string, string, string, RegExp]>([
    ['unknown key', 'search:', 'serach:', /^5:1: serach: unknown field; the fields are .*search/],
    [
      'unknown nested key',
      'holdOut: 0.1',
      'holdout: 0.1',
      /^4:15: validation\.holdout: unknown field; the fields are .*holdOut,/,
    ],
    [
      'key of another method',
      'trials: 5',
      'trials: 5, eta: 3',
      /^5:38: search\.eta: unknown field for this method/,
    ],
    ['duplicate key', 'space:', 'k: 5\nk: 6\nspace:', /^7:1: duplicate key/],
    ['duplicate nested key', 'steps: [100, 200]', 'steps: 5\n      steps: 6', /^10:7: duplicate key/],
    [
      'unknown parameter',
      'steps:',
      'step:',
      /^9:7: space\[0\]\.params\.step: pixie has no parameter step; did you mean "steps"\?$/,
    ],
    [
      'unknown algorithm',
      'pixie',
      'pixy',
      /^7:16: space\[0\]\.algorithm: there is no algorithm or preset "pixy"; did you mean "pixie"\?$/,
    ],
    ['unknown method', 'random', 'bayes', /^5:19: search\.method: "bayes" is not grid, random or halving/],
    [
      'unknown baseline',
      'space:',
      'baseline: fed\nspace:',
      /^6:11: baseline: there is no algorithm or preset "fed"/,
    ],
    [
      'unknown metric',
      'space:',
      'metric: auc\nspace:',
      /^6:9: metric: "auc" is not one of recall, precision, ndcg/,
    ],
    ['wrong type', 'space:', 'k: many\nspace:', /^6:4: k: "many" is not an integer in \[1, 1000\]/],
    [
      'wrong type of a value',
      '200',
      '"200"',
      /^9:20: space\[0\]\.params\.steps\[1\]: "200" is not an integer in \[1, 10000000\]/,
    ],
    [
      'scalar for an object',
      'search: { method: random, trials: 5 }',
      'search: grid',
      /^5:9: search: "grid" is not an object with method and its options/,
    ],
    ['scalar for a list', 'space:', 'space: 5\nignored:', /^6:8: space: 5 is not a list of algorithms/],
    ['out of range', '0.2', '1.5', /^3:12: saves\.holdOut: 1\.5 is not a number between 0 and 1/],
    ['out of range in a list', '100,', '0,', /^9:15: space\[0\]\.params\.steps\[0\]: 0 is not an integer in/],
    [
      'out of range in a range',
      'to: 1 ',
      'to: 2 ',
      /^10:44: space\[0\]\.params\.restartProbability\.to: 2 is not a number in \[0, 1\]/,
    ],
    ['reversed range', 'to: 1 ', 'to: 0.05 ', /^10:44: .*0\.05 is not greater than from \(0\.1\)/],
    ['range without end', ', to: 1 ', ' ', /^10:7: .*restartProbability: to is missing/],
    [
      'unknown field of a range',
      'to: 1 ',
      'too: 1 ',
      /^10:40: .*too: unknown field; the fields are from, to, step, points, scale/,
    ],
    [
      'zero on a log scale',
      'from: 0.1, to: 1',
      'from: 0, to: 1, scale: log',
      /^10:35: .*must be above 0 on a log scale/,
    ],
    [
      'range in a grid',
      'method: random, trials: 5',
      'method: grid',
      /^10:7: .*a grid needs values: add step or points/,
    ],
    [
      'range of a choice',
      'steps: [100, 200]',
      'lastHop: { from: 1, to: 2 }',
      /^9:7: .*is not numeric: list some of drawn, spread/,
    ],
    ['duplicate value', '200', '100', /^9:20: .*duplicate value 100/],
    ['empty list', '[100, 200]', '[]', /^9:7: .*steps: is an empty list/],
    ['missing file', 'circles.tsv', 'none.tsv', /^2:10: saves\.train: .*none\.tsv does not exist/],
    [
      'two split options',
      '  holdOut: 0.2',
      '  holdOut: 0.2\n  leaveLastOut: true',
      /^4:17: saves\.leaveLastOut: conflicts with holdOut/,
    ],
    [
      'no split option for the test part',
      '  holdOut: 0.2\n',
      '',
      /^1:1: saves: no split option: set one of test, holdOut/,
    ],
    [
      'no split option for the validation part',
      '{ holdOut: 0.1 }',
      '{}',
      /^4:1: validation: no split option: set one of holdOut/,
    ],
    ['folds of the test part', 'holdOut: 0.2', 'folds: 3', /^3:3: saves\.folds: unknown field/],
    ['no saves', '  train: circles.tsv\n', '', /^1:1: saves: no saves: set train/],
    [
      'missing object',
      'validation: { holdOut: 0.1 }\n',
      '',
      /^1:1: validation: is missing: expected an object with a split option/,
    ],
    ['missing key', ', trials: 5', '', /^5:1: search\.trials: is missing: expected an integer/],
    [
      'too large a grid',
      'steps: [100, 200]\n      restartProbability: { from: 0.1, to: 1 }',
      'x: 1',
      /^9:7: .*no parameter x/,
    ],
    [
      'conflicting parameters',
      'steps: [100, 200]',
      'steps: [100, 200]\n      boardSharpening: 0.3\n      lastHop: [drawn, spread]',
      /^7:5: space\[0\]: \d+ of \d+ settings are invalid, such as .*lastHop drawn.* requires lastHop spread/,
    ],
    ['syntax error', '[100, 200]', '[100, 200', /^10:7: .*Flow sequence/],
    ['a tab', '  train', '\ttrain', /^2:1: Tabs are not allowed/],
    ['unknown anchor', '[100, 200]', '*none', /Unresolved alias/],
  ])('a sweep file is refused for: %s', (_kind, from, to, fault) => {
    expect(good).toContain(from);
    const faults = faultsOf(good.replace(from, to));
    expect(faults.join('\n')).toMatch(new RegExp(fault.source, 'm'));
  });

  const studies = path.join(import.meta.dirname, '../../docs/studies');
  test.each(readdirSync(studies).filter((name) => name.endsWith('.yaml')))(
    'docs/studies/%s is valid except for its missing data',
    (name) => {
      const faults = faultsOf(readFileSync(path.join(studies, name), 'utf8'));
      expect(faults).toEqual([
        expect.stringMatching(/saves\.train: .* does not exist/),
        expect.stringMatching(/saves\.test: .* does not exist/),
      ]);
    },
  );

  test('the example of docs/sweep.md is valid except for its missing data', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/sweep.md'), 'utf8');
    const faults = faultsOf(/```yaml\n([^`]*)```/.exec(page)![1]!);
    expect(faults.map((fault) => fault.split(' ')[1])).toEqual(['saves.train:', 'saves.test:']);
  });

  test('a grid of more than 10,000 settings is refused', () => {
    const wide = '{ from: 1, to: 500, step: 1 }';
    const params = `{ steps: ${wide}, earlyStopPins: ${wide} }`;
    const text = `${good.slice(0, good.indexOf('search'))}search: { method: grid }\nspace: [{ algorithm: pixie, params: ${params} }]\n`;
    expect(faultsOf(text)).toEqual([
      expect.stringMatching(/^6:1: space: the grid has 250000 settings, more than 10000/),
    ]);
  });

  test.each([
    ['', /^1:1: this is not a sweep definition/],
    ['5', /^1:1: this is not a sweep definition/],
    ['[]', /^1:1: this is not a sweep definition/],
  ])('a file with %j is not a sweep definition', (text, fault) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(fault)]);
  });

  test('sweep reports all faults of a file at once, in order, and runs nothing', async () => {
    const file = write(
      good
        .replace('circles', 'none')
        .replace('0.1 }', '2 }')
        .replace('trials: 5', 'trials: 0')
        .replace('steps', 'stops'),
    );
    const { code, stdout, stderr } = await pinwalk('sweep', file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [title, ...faults] = stderr.trim().split('\n');
    expect(title).toBe(`pinwalk: ${file} has 4 faults; nothing was run`);
    expect(faults.map((fault) => fault.slice(file.length).split(' ')[0])).toEqual([
      ':2:10:',
      ':4:24:',
      ':5:35:',
      ':9:7:',
    ]);
  });

  test('sweep reports faults of the saves with the line of the file', async () => {
    const errorOf = async (from: string, to: string): Promise<string> => {
      const { code, stderr } = await pinwalk('sweep', write(good.replace(from, to)));
      expect(code).toBe(2);
      return stderr;
    };
    expect(await errorOf('holdOut: 0.2', 'leaveLastOut: true')).toMatch(
      /sweep\.yaml:1:1: saves: .* saves have no time/,
    );
    expect(await errorOf('{ holdOut: 0.1 }', '{ leaveLastOut: true }')).toMatch(
      /sweep\.yaml:4:1: validation: .* saves have no time/,
    );
    const missing = await pinwalk('sweep', path.join(folder, 'nowhere.yaml'));
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot read .*nowhere\.yaml/) });
  });
});
