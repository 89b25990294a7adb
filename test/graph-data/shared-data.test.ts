import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { importFiles, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

/** Published data sets, which are not part of this project: beside it, or the tests are skipped. */
const shared = path.join(import.meta.dirname, '../../../shared/data');
const file = (name: string): string => path.join(shared, name);

describe.skipIf(!existsSync(shared))('published files (skipped if they are not beside the project)', () => {
  test('importing the Gowalla train split gives the published counts', async () => {
    const { files, graph } = await importFiles(temporaryDataFolder(), [file('gowalla/train.tsv.gz')]);
    expect(files[0]).toMatchObject({ kind: 'saves', read: 810_128, new: 810_128, duplicate: 0, rejected: 0 });
    expect(graph).toEqual({ users: 29_858, boards: 29_858, pins: 40_981, saves: 810_128 });
  });

  test('importing Last.fm tags gives boards, owners, titles and dates', async () => {
    const folder = temporaryDataFolder();
    const names = ['saves', 'pins', 'boards'].map((name) => file(`lastfm-tags/${name}.tsv.gz`));
    const { files, graph } = await importFiles(folder, names);
    expect(files.map(({ kind, read, rejected }) => [kind, read, rejected])).toEqual([
      ['saves', 186_479, 0],
      ['pins', 12_523, 0],
      ['boards', 35_816, 0],
    ]);
    expect(graph).toEqual({ users: 1_892, boards: 35_816, pins: 12_523, saves: 186_479 });
    const database = openDatabaseReadOnly(folder)!;
    const count = (sql: string) => database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get();
    // The README of the data: 390 artists have no name.
    expect(count('pins WHERE title IS NULL')).toBe(390);
    expect(count('boards WHERE title IS NULL')).toBe(0);
    expect(count('saves WHERE savedAt IS NULL')).toBe(0);
    const first = database
      .prepare(
        `SELECT users.key AS user, boards.key AS board, boards.title, pins.title AS pin, savedAt FROM saves
         JOIN boards ON boards.id = board JOIN users ON users.id = owner JOIN pins ON pins.id = pin
         WHERE boards.key = '2/13' AND pins.key = '52'`,
      )
      .get();
    expect(first).toMatchObject({ user: '2', savedAt: Date.UTC(2009, 3, 1) });
    database.close();
  });

  test('importing MovieLens by its own column names gives titles and genres', async () => {
    const folder = temporaryDataFolder();
    const names = ['ratings', 'items'].map((name) => file(`movielens-small/${name}.tsv.gz`));
    const { graph } = await importFiles(folder, names);
    expect(graph).toEqual({ users: 610, boards: 610, pins: 9_742, saves: 100_836 });
    const database = openDatabaseReadOnly(folder)!;
    const toyStory = database.prepare("SELECT title, attributes FROM pins WHERE key = '1'").get();
    expect(toyStory).toEqual({
      title: 'Toy Story (1995)',
      attributes: '{"genres":"Adventure|Animation|Children|Comedy|Fantasy"}',
    });
    database.close();
  });
});
