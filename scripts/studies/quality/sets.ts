import { existsSync } from 'node:fs';
import path from 'node:path';
import { type SaveSplit, splitSaves } from '../../../engine/index.ts';
import { readGraph, readSplit } from '../../../graph-data/index.ts';

/** A data set split in three: parameters are chosen on `validation`, and measured on `test`. */
export interface QualitySet {
  readonly name: string;
  /** The origin of the test part. */
  readonly split: string;
  readonly test: SaveSplit;
  /** A split of the train part of `test`. */
  readonly validation: SaveSplit;
}

/** The seed of splits that are not published. */
const splitSeed = 1;
const validationShare = 0.1;
const testShare = 0.2;

/** The sets of the tables. */
const names = ['gowalla', 'pinterest', 'lastfm-tags', 'spotify-lists', 'movielens-small'];

/** The published data sets that a folder contains; by default those of the tables. */
export async function readSets(folder: string, wanted: readonly string[] = names): Promise<QualitySet[]> {
  const file = (...parts: string[]): string => path.join(folder, ...parts);
  const has = (name: string, ...parts: string[]): boolean =>
    wanted.includes(name) && existsSync(file(...parts));
  const sets: QualitySet[] = [];
  const add = (name: string, split: string, test: SaveSplit): void => {
    sets.push({ name, split, test, validation: splitSaves(test.train, validationShare, splitSeed) });
  };
  for (const name of ['gowalla', 'yelp2018', 'pinterest']) {
    if (!has(name, name)) continue;
    const test = await readSplit(file(name, 'train.tsv.gz'), file(name, 'test.tsv.gz'));
    add(name, 'published', test);
  }
  if (has('lastfm-users', 'lastfm-tags')) {
    // The boards of a user together: artists that the user has tagged.
    const columns = ['user', 'skip', 'pin', 'savedAt'];
    const graph = await readGraph(file('lastfm-tags', 'saves.tsv.gz'), { columns, skip: 1 });
    add('lastfm-users', '20 % of the saves, seed 1', splitSaves(graph, testShare, splitSeed));
  }
  if (has('lastfm-tags', 'lastfm-tags')) {
    const graph = await readGraph(file('lastfm-tags', 'saves.tsv.gz'));
    add('lastfm-tags', '20 % of the saves, seed 1', splitSaves(graph, testShare, splitSeed));
  }
  if (has('spotify-lists', 'spotify-lists')) {
    const columns = ['user', 'pin'];
    const [train, test] = ['train', 'test'].map((part) => file('spotify-lists', `user_list_${part}.tsv.gz`));
    add('spotify-lists', 'published, lists as pins', await readSplit(train!, test!, { columns }));
  }
  if (has('movielens-small', 'movielens-small')) {
    // Ratings of at least 4 are saves.
    const columns = ['user', 'pin', 'weight', 'savedAt'];
    const graph = await readGraph(file('movielens-small', 'ratings.tsv.gz'), { columns, weightMin: 4 });
    add('movielens-small', '20 % of ratings ≥ 4, seed 1', splitSaves(graph, testShare, splitSeed));
  }
  return sets;
}
