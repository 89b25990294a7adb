import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linearBuildParams, resolveParams } from '../../engine/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  computeLinear,
  estimateBuild,
  importRows,
  linearOfBuild,
  loadSnapshot,
  syntheticRows,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { temporaryDataFolder } from '../data-folders.ts';

const params = resolveParams(linearBuildParams, { neighborsMax: 10, ridge: 5 });
const build = (folder: DataFolder, linear: typeof params | undefined = params) =>
  buildSnapshot(folder, () => 0, { linear });

async function filledFolder(): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  const rows = syntheticRows({ pins: 300, boards: 200, saves: 3_000 });
  await importRows(folder, [{ name: 'synthetic', rows }]);
  return folder;
}

describe('a build with item weights', () => {
  test("a build with item weights stores the graph's weights, and their parameters in the header", async () => {
    const folder = await filledFolder();
    const { version, weights, bytes } = await build(folder);
    const loaded = loadSnapshot(folder, version);
    expect(loaded.linear).toEqual(await computeLinear(loaded.graph, params));
    for (const array of Object.values(loaded.linear!)) expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(loaded.header.options.linear).toEqual({ ...params, weights });
    expect(loaded.linear).toMatchObject({ weights: { length: weights } });
    const estimate = estimateBuild(loaded.header.counts, { linear: params });
    expect(estimate.snapshotBytes).toBeGreaterThanOrEqual(bytes);
    expect(estimate.snapshotBytes).toBeLessThan(bytes * 1.2);
  });

  test('on few boards, a build stores a kernel of the size that was estimated, and the next build has one too', async () => {
    const folder = await filledFolder();
    const given = { ...params, neighborsMax: 0 };
    const { version, weights, bytes, boards } = await build(folder, given);
    expect(weights).toBe(boards ** 2);
    const loaded = loadSnapshot(folder, version);
    expect(loaded.linear).toEqual(await computeLinear(loaded.graph, given));
    expect(loaded.linear).toMatchObject({ kernel: { length: weights } });
    expect(loaded.header.options.linear).toEqual({ ...given, weights, boards });
    expect(estimateBuild(loaded.header.counts, { linear: given }).snapshotBytes).toBe(bytes);
    activateSnapshot(folder, version);
    expect(linearOfBuild(folder)).toEqual(given);
    expect((await build(folder, linearOfBuild(folder))).version).toBe(version);
  });

  test('equal rows and parameters give equal bytes, other parameters or none another version', async () => {
    const folder = await filledFolder();
    const first = await build(folder);
    const bytes = readFileSync(snapshotFile(folder, first.version));
    rmSync(snapshotFile(folder, first.version));
    expect((await build(folder)).version).toBe(first.version);
    expect(readFileSync(snapshotFile(folder, first.version)).equals(bytes)).toBe(true);
    expect((await build(folder, { ...params, ridge: 6 })).version).not.toBe(first.version);
    const bare = await buildSnapshot(folder, () => 0);
    expect(bare).not.toHaveProperty('weights');
    const { linear, header } = loadSnapshot(folder, bare.version);
    expect(linear).toBeUndefined();
    expect(header.options).toEqual({ analysis: true });
  });

  test.each([10, 0])(
    'one flipped byte of the item weights is refused, naming the section (K = %d)',
    async (k) => {
      const folder = await filledFolder();
      const { version } = await build(folder, { ...params, neighborsMax: k });
      const file = snapshotFile(folder, version);
      const bytes = readFileSync(file);
      for (const { name, offset } of loadSnapshot(folder, version).header.sections.slice(-3)) {
        const damaged = Buffer.from(bytes);
        damaged[offset] = damaged[offset]! ^ 1;
        writeFileSync(file, damaged);
        expect(() => loadSnapshot(folder, version)).toThrow(`section ${name}: its checksum is wrong`);
      }
    },
  );

  test('parameters outside their range are refused before anything is built', async () => {
    const folder = await filledFolder();
    const attempt = build(folder, { ...params, ridge: 0 });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid-parameter', field: 'ridge' });
  });

  test('a build keeps the parameters of the active snapshot unless others, or none, are given', async () => {
    const folder = await filledFolder();
    expect(linearOfBuild(folder)).toBeUndefined();
    activateSnapshot(folder, (await build(folder)).version);
    expect(linearOfBuild(folder)).toEqual(params);
    expect(linearOfBuild(folder, { ridge: 7 })).toEqual(resolveParams(linearBuildParams, { ridge: 7 }));
    expect(linearOfBuild(folder, null)).toBeUndefined();
    activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
    expect(linearOfBuild(folder)).toBeUndefined();
  });
});
