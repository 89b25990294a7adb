import {
  type FileRecord,
  type FileSource,
  type ReadOptions,
  openRecords,
  readLines,
} from '../import/index.ts';
import { type Converted, convertRecords, pickColumns } from './convert.ts';

/**
 * The MovieLens data sets as published by GroupLens. The movies that a user rated `minRating` or better are saves on the
 * board with the user's key. Each tag of a user is a board "user/tag". Movies are pins with titles and genres.
 */

/** `ratings.csv` of the newer data sets. */
export function ratingsCsv(file: string, minRating: number): FileSource {
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['user', 'pin', 'savedAt'],
      () => pickColumns(file, ['userId', 'movieId', 'rating', 'timestamp'], options),
      (values) => likedOnly(values, minRating),
    );
  return { file, open };
}

/** `u.data` of the 100,000 ratings: user, movie, rating and time, separated by tabs. */
export function ratingsOld(file: string, minRating: number): FileSource {
  const columns = ['user', 'pin', 'rating', 'savedAt'];
  const open = async (options: ReadOptions) => {
    const reader = await openRecords(file, { ...options, format: 'tsv', columns, header: false });
    return convertRecords(
      ['user', 'pin', 'savedAt'],
      () => reader.batches(),
      (values) => likedOnly(values, minRating),
    );
  };
  return { file, open };
}

function likedOnly([user, pin, text, time]: readonly unknown[], minRating: number): Converted {
  const rating = typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
  if (!Number.isFinite(rating)) return { fault: 'rating is not a number' };
  return rating < minRating ? 'left out' : [user, pin, time];
}

const tagColumns = ['userId', 'tag', 'movieId', 'timestamp'];

/** The saves of `tags.csv`. */
export function tagSaves(file: string): FileSource {
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['user', 'board', 'pin', 'savedAt'],
      () => pickColumns(file, tagColumns, options),
      ([user, tag, pin, time]) =>
        isText(tag) ? [user, boardKey(user, tag), pin, time] : { fault: 'tag is missing' },
    );
  return { file, open };
}

/** The titles of the boards of {@link tagSaves}. */
export function tagTitles(file: string): FileSource {
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['board', 'owner', 'title'],
      () => pickColumns(file, tagColumns, { ...options, onBytes: () => undefined }),
      ([user, tag]) => (isText(tag) && isText(user) ? [boardKey(user, tag), user, tag.trim()] : 'left out'),
      true,
    );
  return { file, open };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function boardKey(user: unknown, tag: string): string {
  return `${String(user)}/${tag.trim()}`;
}

const noGenres = '(no genres listed)';

/** `movies.csv`: titles and lists of genres. */
export function moviesCsv(file: string): FileSource {
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['pin', 'title', 'genres'],
      () => pickColumns(file, ['movieId', 'title', 'genres'], options),
      ([pin, title, genres]) => [
        pin,
        title,
        isText(genres) && genres !== noGenres ? genres.split('|') : undefined,
      ],
    );
  return { file, open };
}

/** The genres of `u.item`, in the order of its last 19 columns. */
const oldGenres = [
  'unknown',
  'Action',
  'Adventure',
  'Animation',
  "Children's",
  'Comedy',
  'Crime',
  'Documentary',
  'Drama',
  'Fantasy',
  'Film-Noir',
  'Horror',
  'Musical',
  'Mystery',
  'Romance',
  'Sci-Fi',
  'Thriller',
  'War',
  'Western',
];

/** `u.item`, in Latin-1: movie, title, two dates, URL, and a 0 or 1 per genre, separated by bars. */
export function moviesOld(file: string): FileSource {
  async function* records({ onBytes, signal }: ReadOptions): AsyncGenerator<FileRecord[]> {
    for await (const lines of readLines(file, { onBytes, signal, encoding: 'latin1' })) {
      yield lines.map(({ line, text, fault }) => {
        const record = { line, text, values: text.split('|') };
        return fault === undefined ? record : { line, text, values: [], fault };
      });
    }
  }
  const fields = 5 + oldGenres.length;
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['pin', 'title', 'url', 'genres'],
      () => records(options),
      (values) => {
        if (values.length !== fields) return { fault: `${values.length} fields, not ${fields}` };
        const [pin, title, , , url] = values;
        const genres = oldGenres.filter((_, i) => i > 0 && values[5 + i] === '1');
        return [pin, title, url, genres.length > 0 ? genres : undefined];
      },
    );
  return { file, open };
}
