import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { degreeOf, nodeCount, saveCount } from '../../engine/index.ts';
import { syntheticGraph } from '../../scripts/bench/kernel.ts';
import { holdOutPins } from '../../scripts/studies/cold-start/hold-out.ts';
import { termsOf } from '../../scripts/studies/cold-start/read.ts';

const script = path.join(import.meta.dirname, '../../scripts/studies/main.ts');

test('held-out pins lose all saves, others about their share, and none is lost', () => {
  const graph = syntheticGraph(5_000);
  const { train, heldOut, isHeldOut } = holdOutPins(graph, 0.2, 0.1, 1);
  const pins = Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin);
  const held = pins.filter(isHeldOut);
  expect(held.length / pins.length).toBeCloseTo(0.2, 1);
  for (const pin of held) expect(degreeOf(train.pinToBoard, pin)).toBe(0);
  expect(saveCount(train) + heldOut.neighbors.length).toBe(saveCount(graph));
  const ofOthers = [...heldOut.neighbors].filter((pin) => !isHeldOut(pin)).length;
  expect(ofOthers / (ofOthers + saveCount(train))).toBeCloseTo(0.1, 1);
  const again = holdOutPins(graph, 0.2, 0.1, 1);
  expect(again.heldOut.neighbors).toEqual(heldOut.neighbors);
});

test('a tag of several words gives the tag and its words', () => {
  expect(termsOf(['deep-learning', 'dna'])).toEqual(['deep-learning', 'deep', 'learning', 'dna']);
});

test('pins without saves are found by the tags of what people saved, and silent ones are counted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cold-start-'));
  try {
    // Three topics. Pins below 300 have saves; the 150 above have none, of which ten have no tag.
    const write = (name: string, header: string, rows: readonly (readonly (number | string)[])[]): void => {
      const lines = [header, ...rows.map((row) => row.join('\t'))];
      writeFileSync(path.join(folder, `${name}.tsv.gz`), gzipSync(`${lines.join('\n')}\n`));
    };
    const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
    const pinOf = (user: number, i: number, pins: number): number => (user % 3) + 3 * ((user * 7 + i * 11) % pins); // prettier-ignore
    write('cold-train', 'user\tpin', range(60).flatMap((user) => range(20).map((i) => [user, pinOf(user, i, 100)]))); // prettier-ignore
    write('cold-test', 'user\tpin', range(60).flatMap((user) => range(10).map((i) => [user, 300 + pinOf(user, i, 50)]))); // prettier-ignore
    const described = range(450).filter((pin) => pin < 440);
    write('pin-tags', 'pin\ttag', described.flatMap((pin) => [[pin, `topic-${pin % 3}`], [pin, `rare-${pin % 40}`]])); // prettier-ignore
    const args = [script, 'cold-start', '--data', folder, '--users', '30', '--dims', '8'];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const figureOf = (name: string): number =>
      Number(new RegExp(`^${name} +([0-9.]+)`, 'mu').exec(output)?.[1]);
    // By chance, 100 of 150 hold 0.667; a list by topic holds all that have a tag.
    expect(figureOf('virtual saves')).toBeGreaterThan(0.85);
    expect(figureOf('content alone, 200 nearest')).toBeGreaterThan(0.85);
    expect(figureOf('virtual saves by LSA 8, int8')).toBeGreaterThan(0.85);
    expect(output).toContain('10 of these pins have no tag');
    expect(output).toMatch(/pins without +0\.0000/u);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
