import path from 'node:path';
import { DataError } from '../errors.ts';
import type { FileSource } from '../import/index.ts';
import { DatasetFolder } from './dataset-folder.ts';
import { isSpaced, listItems, splitFile, userLines, userListSaves, userListTitles } from './lists.ts';
import { moviesCsv, moviesOld, ratingsCsv, ratingsOld, tagSaves, tagTitles } from './movielens.ts';

/** The known forms of data sets, in the order in which they are tried. */
export const datasetKinds = ['movielens', 'playlists', 'lightgcn', 'split', 'tables'] as const;
export type DatasetKind = (typeof datasetKinds)[number];

interface DatasetOptions {
  /** Default: recognized by the file names. */
  readonly kind?: DatasetKind | undefined;
  /** MovieLens: the lowest rating that counts as a save. Default {@link minRatingDefault}. */
  readonly minRating?: number | undefined;
  /** MovieLens: whether tags become boards. Default: true. */
  readonly tags?: boolean | undefined;
  /** Splits: whether to import the test and validation parts. Default: false, so that they can be used for evaluation. */
  readonly heldOut?: boolean | undefined;
}

export interface FoundDataset {
  readonly kind: DatasetKind;
  /** To be passed to `importFiles`. A file can have several sources. */
  readonly sources: readonly FileSource[];
  /** The files that are read, without duplicates. */
  readonly files: readonly string[];
  /** Names of the files that are ignored. */
  readonly unused: readonly string[];
}

export const minRatingDefault = 4;

/**
 * Recognizes a data set by its file names, and a split also by its first line. Throws `dataset-unknown`, with the files
 * found and those expected.
 */
export async function findDataset(root: string, options: DatasetOptions = {}): Promise<FoundDataset> {
  const folder = new DatasetFolder(root);
  const { names } = folder;
  const kinds = options.kind === undefined ? datasetKinds : [options.kind];
  for (const kind of kinds) {
    const sources = await datasetForms[kind].find(folder, options);
    if (sources.length === 0) continue;
    const files = [...new Set(sources.map(({ file }) => file))];
    const used = new Set(files.map((file) => path.basename(file)));
    return { kind, sources, files, unused: names.filter((name) => !used.has(name)) };
  }
  const expected = kinds.map((kind) => `  ${kind}: ${datasetForms[kind].files}`);
  const found = names.length === 0 ? 'nothing' : names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  throw new DataError(
    'dataset-unknown',
    `${root} is not a known data set: it contains ${found}${more}. Expected:\n${expected.join('\n')}`,
  );
}

type Finder = (folder: DatasetFolder, options: DatasetOptions) => FileSource[] | Promise<FileSource[]>;

/** Each form: its files and their result, described for users, and how to find it. */
export const datasetForms: Readonly<
  Record<DatasetKind, { readonly files: string; readonly becomes: string; readonly find: Finder }>
> = {
  movielens: {
    files: 'ratings.csv, movies.csv, tags.csv; or u.data, u.item',
    becomes: 'one board per user of well-rated movies, one per user and tag; titles and genres',
    find: findMovieLens,
  },
  playlists: {
    files: 'user_list_item.* or playlists.* (user, list, item); or list_item.* (list, item)',
    becomes: 'one board per list',
    find: findPlaylists,
  },
  lightgcn: {
    files: 'train.txt, test.txt: each line a user and their items',
    becomes: 'one board per user',
    find: async (folder, options) => (await splitParts(folder, options, true)).map(userLines),
  },
  split: {
    files: 'train.*, test.*, validation.*: two columns (user, pin) or three (user, board, pin)',
    becomes: 'one board per user; with three columns, the given boards',
    find: async (folder, options) => (await splitParts(folder, options, false)).map(splitFile),
  },
  tables: {
    files: 'saves.*, and pins.*, boards.*, users.* with a header',
    becomes: 'whatever the columns name',
    find: (folder) => {
      const saves = folder.tables(/^saves$/i);
      // Saves come first, because they contain the owners of boards.
      return saves.length === 0 ? [] : [...saves, ...folder.tables(/^(pins|boards|users)$/i)].map(splitFile);
    },
  },
};

function findMovieLens(folder: DatasetFolder, options: DatasetOptions): FileSource[] {
  const { minRating = minRatingDefault, tags: wantsTags = true } = options;
  const ratings = folder.one('ratings.csv');
  if (ratings !== undefined) {
    const [movies, tags] = [folder.one('movies.csv'), folder.one('tags.csv')];
    return [
      ratingsCsv(ratings, minRating),
      ...(tags !== undefined && wantsTags ? [tagSaves(tags), tagTitles(tags)] : []),
      ...(movies === undefined ? [] : [moviesCsv(movies)]),
    ];
  }
  const [oldRatings, oldMovies] = [folder.one('u.data'), folder.one('u.item')];
  if (oldRatings === undefined) return [];
  return [ratingsOld(oldRatings, minRating), ...(oldMovies === undefined ? [] : [moviesOld(oldMovies)])];
}

function findPlaylists(folder: DatasetFolder): FileSource[] {
  const ofUsers = folder.tables(/^(user[_-]?list[_-]?item|playlists?)s?$/i);
  if (ofUsers.length > 0) return ofUsers.flatMap((file) => [userListSaves(file), userListTitles(file)]);
  return folder.tables(/^(list|playlist)[_-]?(item|track)s?$/i).map(listItems);
}

const trainPart = /(^|[^a-z])train(ing)?([^a-z]|$)/i;
const heldOutPart = /(^|[^a-z])(test|valid|validation|val)([^a-z]|$)/i;

/** The parts of a split to read. Without an explicit kind, none if the first part's delimiter is not as `spaced` says. */
async function splitParts(
  folder: DatasetFolder,
  { heldOut = false, kind }: DatasetOptions,
  spaced: boolean,
): Promise<string[]> {
  const train = folder.tables(trainPart);
  const [first] = train;
  if (first === undefined || (kind === undefined && (await isSpaced(first)) !== spaced)) return [];
  return heldOut ? [...train, ...folder.tables(heldOutPart)] : train;
}
