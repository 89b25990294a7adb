import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../errors.ts';
import type { FileSource } from '../import/index.ts';
import { isSpaced, listItems, splitFile, userLines, userListSaves, userListTitles } from './lists.ts';
import { moviesCsv, moviesOld, ratingsCsv, ratingsOld, tagSaves, tagTitles } from './movielens.ts';

/** The forms of data sets that are known, in the order in which a folder is tried for them. */
export const datasetKinds = ['movielens', 'playlists', 'lightgcn', 'split', 'tables'] as const;
export type DatasetKind = (typeof datasetKinds)[number];

/** What each kind is, for people. */
export const datasetForms: Readonly<
  Record<DatasetKind, { readonly files: string; readonly becomes: string }>
> = {
  movielens: {
    files: 'ratings.csv, movies.csv, tags.csv; or u.data, u.item',
    becomes: 'a board a user of what they rated well, a board for each of their tags; titles and genres',
  },
  playlists: {
    files: 'user_list_item.* or playlists.* (user, list, item); or list_item.* (list, item)',
    becomes: 'a board a list',
  },
  lightgcn: { files: 'train.txt, test.txt: a line has a user and their items', becomes: 'a board a user' },
  split: {
    files: 'train.*, test.*, validation.*: two columns (user, pin) or three (user, board, pin)',
    becomes: 'a board a user; with three columns, boards as they are',
  },
  tables: { files: 'saves.*, and pins.*, boards.*, users.* with a header', becomes: 'what its columns say' },
};

interface DatasetOptions {
  /** Default: told from the names of the files. */
  readonly kind?: DatasetKind | undefined;
  /** MovieLens: ratings from here on are saves. Default 4. */
  readonly minRating?: number | undefined;
  /** MovieLens: whether tags become boards. Default: yes. */
  readonly tags?: boolean | undefined;
  /** Splits: whether the test and validation parts come in too. Default: no, so that they can be asked for. */
  readonly heldOut?: boolean | undefined;
}

/** A data set that was found: give `sources` to `importFiles`. */
export interface FoundDataset {
  readonly kind: DatasetKind;
  readonly sources: readonly FileSource[];
  /** Files that are read, each once. */
  readonly files: readonly string[];
  /** Files of the folder that are passed over. */
  readonly unused: readonly string[];
}

export const minRatingUsual = 4;

/**
 * Recognises a data set by the names of its files (and, of a split, by its first line). Throws `dataset-unknown`, with
 * what there is and what was looked for.
 */
export async function findDataset(folder: string, options: DatasetOptions = {}): Promise<FoundDataset> {
  const names = listFiles(folder);
  const kinds = options.kind === undefined ? datasetKinds : [options.kind];
  for (const kind of kinds) {
    const sources = await finders[kind](new Folder(folder, names), options);
    if (sources.length === 0) continue;
    const files = [...new Set(sources.map(({ file }) => file))];
    const used = new Set(files.map((file) => path.basename(file)));
    return { kind, sources, files, unused: names.filter((name) => !used.has(name)) };
  }
  const wanted = kinds.map((kind) => `  ${kind}: ${datasetForms[kind].files}`);
  const there = names.length === 0 ? 'nothing' : names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  throw new DataError(
    'dataset-unknown',
    `${folder} is no data set that is known: it holds ${there}${more}. Looked for:\n${wanted.join('\n')}`,
  );
}

function listFiles(folder: string): string[] {
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new DataError('dataset-unknown', `there is no folder ${folder}`);
  if (!isFolder) {
    throw new DataError('dataset-unknown', `${folder} is a file: name its folder, or use pinwalk import`);
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

const tableName = /^(.+?)\.(?:csv|tsv|tab|txt|jsonl|ndjson|parquet)(?:\.gz)?$/i;

/** The files of a folder by name. */
class Folder {
  readonly #root: string;
  readonly #names: readonly string[];

  constructor(root: string, names: readonly string[]) {
    this.#root = root;
    this.#names = names;
  }

  /** The file of one of these names, plain or gzip. */
  one(...wanted: readonly string[]): string | undefined {
    const name = this.#names.find((each) => wanted.includes(each.toLowerCase().replace(/\.gz$/, '')));
    return name === undefined ? undefined : path.join(this.#root, name);
  }

  /** Tables whose names, without the ending, match. */
  tables(stem: RegExp): string[] {
    const found = this.#names.filter((name) => stem.test(tableName.exec(name)?.[1] ?? ''));
    return found.map((name) => path.join(this.#root, name));
  }
}

type Finder = (folder: Folder, options: DatasetOptions) => FileSource[] | Promise<FileSource[]>;

const finders: Readonly<Record<DatasetKind, Finder>> = {
  movielens: findMovieLens,
  playlists: findPlaylists,
  lightgcn: async (folder, options) => {
    const parts = await spacedParts(folder, options, true);
    return parts.map(userLines);
  },
  split: async (folder, options) => {
    const parts = await spacedParts(folder, options, false);
    return parts.map(splitFile);
  },
  tables: (folder) => {
    const saves = folder.tables(/^saves$/i);
    // Saves first: they have the owners of boards.
    return saves.length === 0 ? [] : [...saves, ...folder.tables(/^(pins|boards|users)$/i)].map(splitFile);
  },
};

function findMovieLens(folder: Folder, options: DatasetOptions): FileSource[] {
  const { minRating = minRatingUsual, tags: wantsTags = true } = options;
  const [ratings, movies, tags] = [
    folder.one('ratings.csv'),
    folder.one('movies.csv'),
    folder.one('tags.csv'),
  ];
  const [oldRatings, oldMovies] = [folder.one('u.data'), folder.one('u.item')];
  if (ratings !== undefined) {
    return [
      ratingsCsv(ratings, minRating),
      ...(tags !== undefined && wantsTags ? [tagSaves(tags), tagTitles(tags)] : []),
      ...(movies === undefined ? [] : [moviesCsv(movies)]),
    ];
  }
  if (oldRatings === undefined) return [];
  return [ratingsOld(oldRatings, minRating), ...(oldMovies === undefined ? [] : [moviesOld(oldMovies)])];
}

function findPlaylists(folder: Folder): FileSource[] {
  const ofUsers = folder.tables(/^(user[_-]?list[_-]?item|playlists?)s?$/i);
  if (ofUsers.length > 0) return ofUsers.flatMap((file) => [userListSaves(file), userListTitles(file)]);
  return folder.tables(/^(list|playlist)[_-]?(item|track)s?$/i).map(listItems);
}

const trainPart = /(^|[^a-z])train(ing)?([^a-z]|$)/i;
const heldOutPart = /(^|[^a-z])(test|valid|validation|val)([^a-z]|$)/i;

/** The parts of a split to read, if its first one has fields between spaces (or has not). */
async function spacedParts(
  folder: Folder,
  { heldOut = false, kind }: DatasetOptions,
  spaced: boolean,
): Promise<string[]> {
  const train = folder.tables(trainPart);
  const [first] = train;
  // Who names the kind is believed.
  if (first === undefined || (kind === undefined && (await isSpaced(first)) !== spaced)) return [];
  return heldOut ? [...train, ...folder.tables(heldOutPart)] : train;
}
