import { existsSync } from 'node:fs';
import path from 'node:path';
import { type SaveSplit, splitSaves } from '../../../engine/index.ts';
import { loadActiveSnapshot, readGraph } from '../../../graph-data/index.ts';
import { syntheticGraph } from '../../bench/kernel.ts';
import { dataFolder } from '../../commands/shared/options.ts';
import { readSets } from '../quality/sets.ts';

export interface SplitOptions {
  readonly data: string;
  readonly sets?: string;
  readonly only?: string;
  readonly small?: true;
}

/** Share of the saves held out of graphs without a published split. */
const heldOutShare = 0.1;

/**
 * The npm snapshot of a data folder and published sets, each split: `validation` splits the train part of those with a
 * published test part. With `small`, a synthetic graph alone.
 */
export async function readSplits(
  { data, sets: folder, only, small }: SplitOptions,
  part: 'validation' | 'test',
  randomSeed: number,
): Promise<[string, SaveSplit][]> {
  if (small === true) return [['synthetic', splitSaves(syntheticGraph(20_000), 0.2, randomSeed)]];
  const isWanted = (name: string): boolean => only === undefined || only.split(',').includes(name);
  const splits: [string, SaveSplit][] = [];
  if (isWanted('npm')) {
    const { graph } = loadActiveSnapshot(dataFolder({ data }), (fault) => {
      process.stderr.write(`${fault.message}\n`);
    });
    splits.push(['npm', splitSaves(graph, heldOutShare, randomSeed)]);
  }
  if (folder === undefined) return splits;
  // Its split is not the published one here.
  const published = only?.split(',').filter((name) => name !== 'yelp2018');
  for (const set of await readSets(folder, published)) splits.push([set.name, set[part]]);
  const yelp = path.join(folder, 'yelp2018', 'train.tsv.gz');
  if (isWanted('yelp2018') && existsSync(yelp))
    splits.push(['yelp2018', splitSaves(await readGraph(yelp), heldOutShare, randomSeed)]);
  return splits;
}
