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

/** LightGCN's format: each line has a user and all their pins, separated by spaces. A user without pins is skipped. */
export function userLines(file: string): FileSource {
  async function* records({ onBytes, signal }: ReadOptions): AsyncGenerator<FileRecord[]> {
    for await (const lines of readLines(file, { onBytes, signal })) {
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

/** Two columns, user and pin, or three, user, board and pin; columns named by a header take precedence. */
export function splitFile(file: string): FileSource {
  const open = async (options: ReadOptions) => {
    const first = await firstFields(file, options);
    const isPlain = first?.length === 3 && !isHeader(first) && options.columns === undefined;
    if (!isPlain) return openRecords(file, options);
    const plain = { ...options, columns: ['user', 'board', 'pin'], header: false };
    await assertBoards(file, plain);
    return openRecords(file, plain);
  };
  return { file, open };
}

/** The share of rows whose board another user has too, above which a column does not hold boards. */
const sharedBoardsMax = 0.1;

/** Throws `import-columns-unknown` if boards of the first rows belong to several users, as items do. */
async function assertBoards(file: string, options: ReadOptions): Promise<void> {
  const reader = await openRecords(file, { ...options, onBytes: () => undefined });
  for await (const records of reader.batches()) {
    const rows = records.filter(({ fault }) => fault === undefined).map(({ values }) => values);
    const owners = new Map(rows.map(([user, board]) => [board, user]));
    const shared = rows.filter(([user, board]) => owners.get(board) !== user).length;
    if (shared <= sharedBoardsMax * rows.length) return;
    throw new DataError(
      'import-columns-unknown',
      `${file}: read as user, board, pin, its boards have several owners, so the second column is no board. ` +
        'If the third is a rating, import it with --columns user,pin,weight',
    );
  }
}

/** Two columns by position, list and item. A list becomes a board, owned by a user with the same key. */
export function listItems(file: string): FileSource {
  const open = async (options: ReadOptions) => byPosition(file, ['board', 'pin'], options);
  return { file, open };
}

/** Three columns by position: user, list, item. Equal list names of two users denote two lists. */
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

/** The titles of the boards of {@link userListSaves}: the list names. */
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

/** The fields of a text file's first line; undefined for Parquet and empty files. */
async function firstFields(file: string, { signal }: ReadOptions): Promise<string[] | undefined> {
  const line = await firstLine(file, signal);
  return line?.split(/\.csv(\.gz)?$/i.test(file) ? ',' : '\t');
}

/** The first non-empty line of a text file. */
async function firstLine(file: string, signal?: AbortSignal): Promise<string | undefined> {
  if (/\.parquet$/i.test(file)) return undefined;
  for await (const lines of readLines(file, { onBytes: () => undefined, signal })) {
    const [first] = lines;
    if (first !== undefined) return first.text;
  }
  return undefined;
}

/** Whether fields are separated by spaces, as in LightGCN's files. Throws `dataset-unknown` for an empty file. */
export async function isSpaced(file: string): Promise<boolean> {
  if (/\.parquet$/i.test(file)) return false;
  const line = await firstLine(file);
  if (line === undefined) throw new DataError('dataset-unknown', `${file} is empty`);
  return /^\S+( +\S+)* *$/.test(line) && !/[\t,;]/.test(line);
}
