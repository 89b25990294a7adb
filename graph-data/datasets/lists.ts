import { DataError } from '../errors.ts';
import {
  type FileRecord,
  type FileSource,
  type ReadOptions,
  isHeader,
  openRecords,
  readLines,
} from '../import/index.ts';
import { convertRecords } from './convert.ts';

/** LightGCN's form: a line has a user and all pins of theirs, between spaces. A user without pins brings nothing. */
export function userLines(file: string): FileSource {
  async function* records({ onBytes, signal }: ReadOptions): AsyncGenerator<FileRecord[]> {
    for await (const lines of readLines(file, onBytes, signal)) {
      yield lines.flatMap(({ line, text, fault }): FileRecord[] => {
        if (fault !== undefined) return [{ line, text, values: [], fault }];
        const [user, ...pins] = text.trim().split(/\s+/);
        return pins.map((pin) => ({ line, text, values: [user, pin] }));
      });
    }
  }
  const open = async (options: ReadOptions) =>
    convertRecords(
      ['user', 'pin'],
      () => records(options),
      (values) => values,
    );
  return { file, open };
}

/** Two columns, user and pin, or three, user, board and pin; by the names of a header where there is one. */
export function splitFile(file: string): FileSource {
  const open = async (options: ReadOptions) => {
    const first = await firstFields(file, options);
    const isPlain = first?.length === 3 && !isHeader(first) && options.columns === undefined;
    return openRecords(
      file,
      isPlain ? { ...options, columns: ['user', 'board', 'pin'], header: false } : options,
    );
  };
  return { file, open };
}

/** Lists and what is on them, by position: a list is a board that belongs to itself. */
export function listItems(file: string): FileSource {
  const open = async (options: ReadOptions) => byPosition(file, ['board', 'pin'], options);
  return { file, open };
}

/** Users, their lists and what is on them, by position. Two users may each have a list of one name. */
export function userListSaves(file: string): FileSource {
  const open = async (options: ReadOptions) => {
    const reader = await byPosition(file, ['user', 'board', 'pin'], options);
    return convertRecords(
      ['user', 'board', 'pin'],
      () => reader.batches(),
      ([user, list, pin]) =>
        list === '' ? { fault: 'list is missing' } : [user, `${String(user)}/${String(list)}`, pin],
    );
  };
  return { file, open };
}

/** The titles of the boards that {@link userListSaves} makes: the names of the lists. */
export function userListTitles(file: string): FileSource {
  const open = async (options: ReadOptions) => {
    const reader = await byPosition(file, ['user', 'board', 'pin'], { ...options, onBytes: () => undefined });
    return convertRecords(
      ['board', 'owner', 'title'],
      () => reader.batches(),
      ([user, list]) =>
        user === '' || list === '' ? 'left out' : [`${String(user)}/${String(list)}`, user, list],
      true,
    );
  };
  return { file, open };
}

async function byPosition(file: string, columns: readonly string[], options: ReadOptions) {
  const first = await firstFields(file, options);
  const header = options.header ?? (first !== undefined && isHeader(first));
  return openRecords(file, { ...options, columns, header });
}

/** The fields of a text file's first line; undefined for other files, and empty ones. */
async function firstFields(file: string, { signal }: ReadOptions): Promise<string[] | undefined> {
  const line = await firstLine(file, signal);
  return line?.split(/\.csv(\.gz)?$/i.test(file) ? ',' : '\t');
}

/** The first line of a text file that is not empty. */
async function firstLine(file: string, signal?: AbortSignal): Promise<string | undefined> {
  if (/\.parquet$/i.test(file)) return undefined;
  for await (const lines of readLines(file, () => undefined, signal)) {
    const [first] = lines;
    if (first !== undefined) return first.text;
  }
  return undefined;
}

/** Whether the file has fields between spaces, as LightGCN has them. Throws `dataset-unknown` for an empty file. */
export async function isSpaced(file: string): Promise<boolean> {
  if (/\.parquet$/i.test(file)) return false;
  const line = await firstLine(file);
  if (line === undefined) throw new DataError('dataset-unknown', `${file} is empty`);
  return /^\S+( +\S+)* *$/.test(line) && !/[\t,;]/.test(line);
}
