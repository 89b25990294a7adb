import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openGraph, recommend, walk } from '../../api/library/index.ts';
import { addPreset, openDataFolder, presetsFile, readPresets, removePreset } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { writeCircles, writeSweep } from '../scripts/sweeps.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']),
);
const query = [{ pin: 'basil' }];
const ask = (body: object) => server.post('/v1/recommendations', { query, ...body });
/** Until the server, which looks twice a second, knows. */
const known = async (name: string, status = 200): Promise<void> => {
  await expect.poll(async () => (await ask({ algorithm: name })).status).toBe(status);
};

describe('a preset of the data folder', () => {
  test('a preset of the data folder is served without a restart, by POST, GET, batch and next, with its name', async () => {
    expect((await ask({ algorithm: 'home' })).status).toBe(400);
    addPreset(server.folder, 'home', { algorithm: 'pixie', params: { steps: 777, boost: true } });
    await known('home');
    const { body } = await ask({ algorithm: 'home', limit: 1 });
    expect(body.algorithm).toMatchObject({
      name: 'pixie',
      preset: 'home',
      params: { steps: 777, boost: true },
    });
    const { body: got } = await server.get('/v1/pins/basil/related?algorithm=home&limit=1');
    expect(got.items).toEqual(body.items);
    const next = await server.post(`/v1/recommendations/${body.recommendationId}/next`, undefined);
    expect(next.body.algorithm).toEqual(body.algorithm);
    const requests = [{ query, algorithm: 'home', params: { steps: 5 } }, { query }];
    const { body: batch } = await server.post('/v1/recommendations/batch', { requests });
    expect(batch.answers.map(({ answer }: { answer: typeof body }) => answer.algorithm)).toEqual([
      { name: 'pixie', preset: 'home', params: { ...body.algorithm.params, steps: 5 } },
      expect.objectContaining({ preset: 'related' }),
    ]);
    const metrics = await server.get('/metrics');
    expect(metrics.body).toContain('pinwalk_walk_seconds_count{algorithm="home"}');
  });

  test('a preset returns the list of its algorithm and parameters, in the library too', async () => {
    const params = { steps: 500, restartProbability: 0.3 };
    addPreset(server.folder, 'same', { algorithm: 'pixie', params });
    await known('same');
    const { body: plain } = await ask({ algorithm: 'pixie', params });
    const { body } = await ask({ algorithm: 'same' });
    expect(body.items).toEqual(plain.items);
    expect(body.algorithm.params).toEqual(plain.algorithm.params);
    using graph = openGraph(server.folder.root);
    expect(recommend(graph, { query, algorithm: 'same' }).items).toEqual(plain.items);
    const { algorithm } = walk(graph, { query, algorithm: 'same' }).result;
    expect(algorithm).toEqual(body.algorithm);
  });

  test('an unknown preset is refused with the known names, and all faults are reported at once', async () => {
    addPreset(server.folder, 'mine', { algorithm: 'paths', params: {} });
    await known('mine');
    const { body, status } = await ask({ algorithm: 'mime', limit: 0 });
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      expect.objectContaining({ pointer: '/limit' }),
      {
        pointer: '/algorithm',
        code: 'invalid-value',
        detail: expect.stringMatching(/there is no algorithm or preset "mime"; did you mean "mine"\?/),
      },
    ]);
    const wrong = await ask({ algorithm: 'mine', params: { steps: 5, x: 9 } });
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/params/steps',
      '/params/x',
    ]);
    // What the request comes to inside is nothing that a client can give.
    expect((await ask({ own: { algorithm: 'paths', params: {} } })).body.errors[0].pointer).toBe('/own');
  });

  test('a removed preset is refused, while next pages of earlier lists continue', async () => {
    addPreset(server.folder, 'gone', { algorithm: 'paths', params: { x: 0.5 } });
    await known('gone');
    const { body } = await ask({ algorithm: 'gone', limit: 1 });
    removePreset(server.folder, 'gone');
    await known('gone', 400);
    const next = await server.post(`/v1/recommendations/${body.recommendationId}/next`, undefined);
    expect(next.body.algorithm).toMatchObject({ preset: 'gone', params: { x: 0.5 } });
  });

  test('an invalid preset file is reported, and the last valid presets are still served', async () => {
    addPreset(server.folder, 'kept', { algorithm: 'paths', params: {} });
    await known('kept');
    const good = readFileSync(presetsFile(server.folder));
    writeFileSync(presetsFile(server.folder), '{ broken');
    await expect
      .poll(async () => ((await ask({})).status, server.faults.join()))
      .toMatch(/cannot read .*presets\.json/);
    expect((await ask({ algorithm: 'kept' })).status).toBe(200);
    writeFileSync(presetsFile(server.folder), good);
  });
});

describe('the file of presets', () => {
  const folder = temporaryDataFolder;

  test('the preset file stores all parameters of a preset, including defaults', () => {
    const data = folder();
    expect(readPresets(data).size).toBe(0);
    addPreset(data, 'a', { algorithm: 'paths', params: { x: 0.5 } }, { from: 'by hand' });
    addPreset(data, 'b', { algorithm: 'popular', params: {} });
    addPreset(data, 'a', { algorithm: 'paths', params: { x: 0.6 } });
    expect([...readPresets(data).keys()]).toEqual(['a', 'b']);
    expect(readPresets(data).get('a')).toMatchObject({
      algorithm: 'paths',
      params: { x: 0.6, z: 0, sharpening: 0 },
    });
    removePreset(data, 'a');
    expect([...readPresets(data).keys()]).toEqual(['b']);
    expect(() => removePreset(data, 'a')).toThrow(/has no preset "a"; there are b/);
    expect(() => removePreset(data, '__proto__')).toThrow(/has no preset/);
  });

  test('a preset file that is not as pinwalk wrote it is reported, until pinwalk writes it again', () => {
    const data = folder();
    addPreset(data, 'a', { algorithm: 'paths', params: { x: 0.5 } });
    const reported = (): string[] => {
      const warnings: string[] = [];
      readPresets(data, ({ message }) => warnings.push(message));
      return warnings;
    };
    expect(reported()).toEqual([]);
    const text = readFileSync(presetsFile(data), 'utf8');
    writeFileSync(presetsFile(data), text.replace('0.5', '0.7'));
    expect(reported()).toEqual([expect.stringContaining('was edited or is damaged')]);
    expect(readPresets(data).get('a')).toMatchObject({ params: { x: 0.7 } });
    writeFileSync(presetsFile(data), text.replace('0.5', '0.7').replace(/,\s*"sha256": "\w+"/, ''));
    expect(reported()).toEqual([]);
    addPreset(data, 'b', { algorithm: 'popular', params: {} });
    expect(reported()).toEqual([]);
  });

  test.each(['pixie', 'feed-exact', '', '1a', 'a b', '__proto__', 'x'.repeat(65), 'a/b'])(
    'addPreset refuses the name %j',
    (name) => {
      expect(() => addPreset(folder(), name, { algorithm: 'paths', params: {} })).toThrow(
        /a preset cannot be named/,
      );
    },
  );

  test.each([
    ['nonsense', /cannot read .*presets\.json: .*JSON.*; fix it, or delete it/],
    ['[]', /cannot read .*presets\.json: it has no object "presets"/],
    [
      '{"presets":{"a":5}}',
      /presets\.json: preset "a": .*; fix it, or remove it: pinwalk presets remove a --data/,
    ],
    ['{"presets":{"a":{"algorithm":"pathes","params":{}}}}', /preset "a": algorithm\. .*pixie/],
    ['{"presets":{"a":{"algorithm":"paths","params":{"x":9}}}}', /preset "a": x: 9 is not a number in/],
    [
      '{"presets":{"a":{"algorithm":"paths","params":{"steps":9}}}}',
      /preset "a": steps: there is no such parameter/,
    ],
    ['{"presets":{"ppr":{"algorithm":"paths","params":{}}}}', /preset "ppr": the name is taken/],
  ])('readPresets reports the fault of %s with the remedy', (text, fault) => {
    const data = folder();
    writeFileSync(presetsFile(data), text);
    expect(() => readPresets(data)).toThrow(fault);
  });

  test('removePreset removes an invalid preset', () => {
    const data = folder();
    writeFileSync(presetsFile(data), '{"presets":{"a":5,"b":{"algorithm":"paths","params":{}}}}');
    removePreset(data, 'a');
    expect([...readPresets(data).keys()]).toEqual(['b']);
  });
});

describe('pinwalk presets and sweep', () => {
  test('sweep --promote adds the chosen setting as a preset without measuring again, and the API serves it', async () => {
    const folder = path.dirname(server.folder.root);
    writeCircles(folder);
    const file = writeSweep(folder, 'sweep.yaml', [
      'saves: { train: circles.tsv, holdOut: 0.2 }',
      'validation: { holdOut: 0.2 }',
      'search: { method: grid }',
      'space: [{ algorithm: pixie, params: { steps: [1, 400] } }]',
    ]);
    const data = ['--data', server.folder.root];
    expect((await pinwalk('sweep', file, ...data)).code).toBe(0);
    const promoted = await pinwalk('sweep', file, ...data, '--promote', 'best');
    expect(promoted.stdout).toMatch(/^best is now a preset of .*\.$/m);
    await known('best');
    const { body } = await ask({ algorithm: 'best' });
    expect(body.algorithm).toMatchObject({ name: 'pixie', preset: 'best', params: { steps: 400 } });
    expect((await pinwalk('sweep', file, ...data, '--promote', 'worst', '--trial', '1')).code).toBe(0);
    await known('worst');
    expect((await ask({ algorithm: 'worst' })).body.algorithm.params.steps).toBe(1);
    // Other commands know it too.
    const recommended = await pinwalk(
      'recommend',
      '--pin',
      'basil',
      '--algorithm',
      'best',
      '--json',
      ...data,
    );
    expect(JSON.parse(recommended.stdout).items).toEqual(body.items);
    const args = ['--hold-out', '0.5', '--algorithms', 'best,pixie', '--json', '--threads', '1', ...data];
    const evaluated = await pinwalk('evaluate', ...args);
    expect(JSON.parse(evaluated.stdout).results[0]).toMatchObject({ name: 'best', params: { steps: 400 } });
    const again = writeSweep(folder, 'again.yaml', [
      'saves: { train: circles.tsv, holdOut: 0.2 }',
      'validation: { holdOut: 0.2 }',
      'search: { method: grid }',
      'space: [{ algorithm: best, params: { restartProbability: [0.5, 1] } }]',
      'baseline: best',
    ]);
    const { stdout } = await pinwalk('sweep', again, '--json', ...data);
    expect(JSON.parse(stdout)).toMatchObject({
      chosen: { name: 'best', params: { steps: 400 } },
      test: { baseline: { name: 'best' } },
    });
    const { stdout: listed } = await pinwalk('presets', 'list', ...data);
    expect(listed).toMatch(/^best +own +pixie +steps 400, /m);
    expect(listed).toMatch(/^feed +built in +pixie /m);
  });

  test('presets add and remove change the file, and report invalid input', async () => {
    const { root } = openDataFolder(path.join(server.folder.root, '../by-hand'));
    const presets = (...args: string[]) => pinwalk('presets', ...args, '--data', root);
    expect((await presets('add', 'quick', '--algorithm', 'pixie', '--params', '{"steps": 9}')).code).toBe(0);
    expect(JSON.parse((await presets('list', '--json')).stdout)).toContainEqual(
      expect.objectContaining({ name: 'quick', isOwn: true, params: expect.objectContaining({ steps: 9 }) }),
    );
    expect((await presets('remove', 'quick')).code).toBe(0);
    const wrong = await presets('add', 'paths', '--algorithm', 'pixie');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a preset cannot be named "paths"/),
    });
    const range = await presets('add', 'q', '--algorithm', 'pixie', '--params', '{"steps": -1}');
    expect(range).toMatchObject({ code: 2, stderr: expect.stringMatching(/steps: -1 is not an integer/) });
    const sweep = await pinwalk('sweep', 'none.yaml', '--promote', 'pixie');
    expect(sweep).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/a preset cannot be named "pixie"/),
    });
  });
});
