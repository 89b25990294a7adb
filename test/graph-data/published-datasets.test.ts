import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type DataFolder, findDataset, importFiles, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

type DatasetOptions = Parameters<typeof findDataset>[1];

/** Published data sets, which are not part of this project: beside it, or the tests are skipped. */
const shared = path.join(import.meta.dirname, '../../../shared/data');

const rowsOf = (file: string): string[][] =>
  gunzipSync(readFileSync(path.join(shared, file)))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));

async function importSet(root: string, options: DatasetOptions = {}) {
  const found = await findDataset(root, options);
  const folder = temporaryDataFolder();
  return { ...found, folder, report: await importFiles(folder, found.sources) };
}

function count(folder: DataFolder, sql: string): unknown {
  const database = openDatabaseReadOnly(folder)!;
  try {
    return database.prepare(`SELECT count(*) FROM ${sql}`).pluck().get();
  } finally {
    database.close();
  }
}

describe.skipIf(!existsSync(shared))(
  'published data sets (skipped if they are not beside the project)',
  () => {
    test('imports MovieLens as GroupLens publishes it', async () => {
      const root = path.join(temporaryFolder(), 'ml-latest-small');
      mkdirSync(root);
      const csv = (header: string, rows: readonly (readonly string[])[]): string => {
        const quoted = (field: string) => (/[",]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
        return `${[header, ...rows.map((row) => row.map(quoted).join(','))].join('\r\n')}\r\n`;
      };
      const ratings = rowsOf('movielens-small/ratings.tsv.gz').slice(1);
      const tags = rowsOf('movielens-small/user_item_tag.tsv.gz').slice(1);
      const files: Record<string, string> = {
        'ratings.csv': csv('userId,movieId,rating,timestamp', ratings),
        'movies.csv': csv('movieId,title,genres', rowsOf('movielens-small/items.tsv.gz').slice(1)),
        'tags.csv': csv('userId,movieId,tag,timestamp', tags),
      };
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);

      const { kind, report, folder } = await importSet(root);
      expect(kind).toBe('movielens');
      const liked = ratings.filter(([, , rating]) => Number(rating) >= 4);
      const lists = new Set(tags.map(([user, , tag]) => `${user}/${tag!.trim()}`));
      const tagged = new Set(tags.map(([user, movie, tag]) => `${user}/${tag!.trim()} ${movie}`));
      expect(report.files.map(({ read, rejected, leftOut }) => [read, rejected, leftOut])).toEqual([
        [liked.length, 0, ratings.length - liked.length],
        [tags.length, 0, undefined],
        [tags.length, 0, undefined],
        [9_742, 0, undefined],
      ]);
      const likers = new Set(liked.map(([user]) => user)).size;
      expect(report.graph).toMatchObject({
        boards: likers + lists.size,
        pins: 9_742,
        saves: liked.length + tagged.size,
      });
      expect(count(folder, 'pins WHERE title IS NULL')).toBe(0);
      expect(count(folder, 'saves WHERE savedAt IS NULL')).toBe(0);
      expect(count(folder, `boards WHERE key LIKE '%/%' AND title IS NULL`)).toBe(0);
    });

    test('imports the same saves of Gowalla from a split and from the form of LightGCN', async () => {
      const split = await importSet(path.join(shared, 'gowalla'));
      expect([split.kind, split.unused]).toEqual(['split', ['test.tsv.gz']]);
      expect(split.report.graph).toEqual({ users: 29_858, boards: 29_858, pins: 40_981, saves: 810_128 });

      const byUser = new Map<string, string[]>();
      for (const [user, pin] of rowsOf('gowalla/train.tsv.gz')) {
        byUser.set(user!, [...(byUser.get(user!) ?? []), pin!]);
      }
      const root = path.join(temporaryFolder(), 'gowalla');
      mkdirSync(root);
      const lines = Array.from(byUser, ([user, pins]) => `${user} ${pins.join(' ')}\n`);
      writeFileSync(path.join(root, 'train.txt'), lines.join(''));
      const lightGcn = await importSet(root);
      expect(lightGcn.kind).toBe('lightgcn');
      expect(lightGcn.report.graph).toEqual(split.report.graph);
      const pairs = (folder: DataFolder) => {
        const database = openDatabaseReadOnly(folder)!;
        const sum = database
          .prepare(
            `SELECT sum(CAST(boards.key AS INTEGER) * 40981 + CAST(pins.key AS INTEGER)) FROM saves
           JOIN boards ON boards.id = board JOIN pins ON pins.id = pin`,
          )
          .pluck()
          .get();
        database.close();
        return sum;
      };
      expect(pairs(lightGcn.folder)).toBe(pairs(split.folder));
    });

    test('imports the items of Spotify lists, not their followers', async () => {
      const { kind, unused, report } = await importSet(path.join(shared, 'spotify-lists'));
      expect(kind).toBe('playlists');
      expect(unused).toHaveLength(3);
      expect(report.files[0]).toMatchObject({ read: 555_851, rejected: 0 });
      expect(report.graph.boards).toBe(7_787);
    });

    test('imports Last.fm tags as tables', async () => {
      const { kind, report } = await importSet(path.join(shared, 'lastfm-tags'));
      expect(kind).toBe('tables');
      expect(report.graph).toEqual({ users: 1_892, boards: 35_816, pins: 12_523, saves: 186_479 });
    });

    test('refuses a reformatted MovieLens and lists the files found', async () => {
      await expect(findDataset(path.join(shared, 'movielens-small'))).rejects.toThrow(
        /items\.tsv\.gz, ratings\.tsv\.gz, user_item_tag\.tsv\.gz\. Expected:/,
      );
    });
  },
);
