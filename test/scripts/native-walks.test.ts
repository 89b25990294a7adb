import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWalkScratch, nextBelow, nodeCount, randomStream, walkFrom } from '../../engine/index.ts';
import { NativeWalks, compileNativeWalks, visitsChecksum } from '../../scripts/bench/native/native-walks.ts';
import { oneWalkerKernel } from '../../scripts/bench/one-walker-kernel.ts';
import { temporaryFolder } from '../data-folders.ts';
import { graphOf } from '../graphs.ts';

const random = randomStream(5);
const graph = graphOf(
  [...Array(400).keys()].flatMap((board) => {
    const pins = new Set(Array.from({ length: 1 + (board % 9) }, () => nextBelow(random, 3_000)));
    return [...pins].map((pin) => [board, pin] as const);
  }),
  3_000,
);
const pins = [...Array(40).keys()];
const scratch = createWalkScratch();

function checksumOf(walk: typeof walkFrom | typeof oneWalkerKernel, steps: number, restart: number): number {
  return pins.reduce((sum, pin, seed) => {
    scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
    if (graph.pinToBoard.slices[2 * pin + 1]! > 0) walk(graph, pin, steps, restart, seed, scratch);
    return (sum + visitsChecksum(scratch.visits)) >>> 0;
  }, 0);
}

const folder = temporaryFolder(afterAll);
const executable = compileNativeWalks(folder);

describe.skipIf(executable === undefined)('native walks (skipped without a C++ compiler)', () => {
  let native: NativeWalks;
  beforeAll(() => {
    native = new NativeWalks(executable!, path.join(folder, 'graph.arrays'), graph);
  });
  afterAll(() => native.close());

  test.each([
    ['of 5,000 steps', 5_000, 0.5],
    ['of steps that 64 does not divide', 5_001, 0.5],
    ['of fewer steps than walkers', 30, 0.5],
    ['whose table grows', 20_000, 0.05],
    ['that never return home', 5_000, 0],
  ])('walks %s count the visits that the kernels count', async (_, steps, restartProbability) => {
    const queries = { steps, restartProbability, log2Capacity: 10, pins };
    const interleaved = await native.run('interleaved', queries);
    expect(interleaved.checksum).toBe(checksumOf(walkFrom, steps, restartProbability));
    expect(interleaved.ns).toBeGreaterThan(0);
    const one = await native.run('one', queries);
    expect(one.checksum).toBe(checksumOf(oneWalkerKernel, steps, restartProbability));
    expect(one.checksum).not.toBe(interleaved.checksum);
  });
});
