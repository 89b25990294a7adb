import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  activateModel,
  listModels,
  loadModel,
  openDataFolder,
  rollbackModel,
  trainModel,
} from '../../graph-data/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';

const options = { label: 'click', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' } as const;

const folder = openDataFolder(path.join(temporaryFolder(afterAll), 'data'));
const all = clickLog(900);
writeInteractions(folder, all);

const fileOf = (version: string): string => path.join(folder.root, 'models', `${version}.model`);

describe.each(['ftrl', 'trees'] as const)('a model of %s', (learner) => {
  const { version, header } = trainModel(folder, { ...options, learner });

  test('knows who clicks what, and is calibrated', () => {
    // The true rates have an AUC of 0.80.
    expect(header.quality!.auc.value).toBeGreaterThan(learner === 'trees' ? 0.6 : 0.55);
    expect(header.quality!.groupedAuc!.value).toBeGreaterThan(0.55);
    expect(Math.abs(header.quality!.ratio.value - 1)).toBeLessThan(0.3);
    expect(header.rows.train + header.rows.calibrate + header.rows.judged).toBeLessThan(4_500);
    expect(header.fields.labels).toEqual(['click']);
    expect(header.channels).toEqual([null, 'home', 'related']);
  });

  test('has the same bytes from the same rows, in whatever order they were stored, and others from others', () => {
    const again = openDataFolder(path.join(temporaryFolder(), 'data'));
    writeInteractions(again, all.toReversed());
    expect(trainModel(again, { ...options, learner }).version).toBe(version);
    if (learner === 'trees') return;
    writeInteractions(again, [
      { ...all[0]!, kind: 'click', rank: undefined, score: undefined, at: all[0]!.at! + 1 },
    ]);
    expect(trainModel(again, { ...options, learner }).version).not.toBe(version);
  });

  test('is read as it was written, and refused with one flipped byte', () => {
    const bytes = readFileSync(fileOf(version));
    expect(loadModel(folder, version).header).toMatchObject({ label: 'click', learner });
    for (let at = 3; at < bytes.length; at += Math.ceil(bytes.length / 20)) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      writeFileSync(fileOf(version), flipped);
      // A gap between sections holds zeros that nothing depends on.
      expect(() => loadModel(folder, version)).toThrow(/is damaged: .*; delete it/u);
    }
    writeFileSync(fileOf(version), bytes.subarray(0, -8));
    expect(() => loadModel(folder, version)).toThrow('is damaged');
    writeFileSync(fileOf(version), bytes);
    loadModel(folder, version);
  });

  test('holds no key of a person', () => {
    expect(readFileSync(fileOf(version)).toString('latin1')).not.toMatch(/"u\d+"/u);
  });
});

test('activates, skips a damaged one on rolling back, and refuses unknown versions', () => {
  const [one, two, three] = [2, 3, 4].map((randomSeed) => trainModel(folder, { ...options, learner: 'ftrl', randomSeed }).version) as [string, string, string]; // prettier-ignore
  for (const version of [one, two, three]) activateModel(folder, version);
  expect(listModels(folder).filter(({ active }) => active).map(({ version }) => version)).toEqual([three]); // prettier-ignore
  const bytes = readFileSync(fileOf(two));
  writeFileSync(fileOf(two), bytes.subarray(0, 100));
  expect(() => activateModel(folder, two)).toThrow('is damaged');
  expect(rollbackModel(folder, 'click')).toBe(one);
  expect(() => rollbackModel(folder, 'click')).toThrow('no earlier model');
  expect(() => activateModel(folder, '0123456789abcdef')).toThrow('there is no model');
  expect(() => activateModel(folder, '../x')).toThrow('16 hexadecimal digits');
  expect(readdirSync(path.join(folder.root, 'models')).filter((name) => name.endsWith('.partial'))).toEqual([]); // prettier-ignore
  writeFileSync(fileOf(two), bytes);
});

test('reports the missing data when it cannot train', () => {
  const empty = openDataFolder(path.join(temporaryFolder(), 'data'));
  expect(() => trainModel(empty, { ...options, learner: 'ftrl' })).toThrow('no action "click" with an impression; there are: none'); // prettier-ignore
  writeInteractions(empty, all.slice(0, 60));
  expect(() => trainModel(empty, { ...options, learner: 'ftrl' })).toThrow('and 50 are needed');
  expect(listModels(empty)).toEqual([]);
});

test('the commands train, list, verify, activate and roll back', async () => {
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await pinwalk(...args, '--data', folder.root);
    return { code, output: stdout + stderr };
  };
  const trained = await run('train', '--seed', '9');
  expect(trained.output).toMatch(/AUC within people +0\.\d{4} \[/u);
  const version = /^([0-9a-f]{16}): ftrl for click/u.exec(trained.output)![1]!;
  expect(await run('models', 'activate', version)).toEqual({
    code: 0,
    output: `${version} is the active model of click.\n`,
  });
  expect((await run('models', 'verify')).output).toContain(`${version}  sound`);
  expect(await run('train', '--zone', 'Mars/Base')).toMatchObject({ code: 2 });
});
