import { pairOf } from './header.ts';
import { unknownColumns } from './columns.ts';

/** The path to a column's value: names of nested objects, possibly through lists. */
interface Path {
  readonly names: readonly string[];
  /** The path from each element of the list at `names`; absent if the value itself is there. */
  readonly inEach?: Path;
}

/** Columns by role, with the paths of their values: `pin=tracks[].uri`. */
export interface PathColumns {
  readonly roles: readonly string[];
  /** The names before the first `[]` of the paths: the list of rows in a JSON document. */
  readonly root: readonly string[] | undefined;
  /** The rows of one element of the root, or of one line: one per combination of list elements. */
  readonly rowsOf: (value: unknown) => unknown[][];
}

/**
 * Parses `role=path` columns. A path has names separated by dots; `[]` after a name means each element of a list. Throws
 * `import-columns-unknown` if the paths lead through two separate lists.
 */
export function pathColumns(file: string, columns: readonly string[], isDocument: boolean): PathColumns {
  const pairs = columns.filter((column) => column !== '-').map((column) => pairOf(file, column));
  const parsed = pairs.map(([, path]) => parsePath(path));
  const roots = new Set(parsed.map((path) => (path.inEach === undefined ? '' : path.names.join('.'))));
  const root =
    isDocument && roots.size === 1 && parsed[0]?.inEach !== undefined ? parsed[0].names : undefined;
  const paths = root === undefined ? parsed : parsed.map((path) => path.inEach!);
  assertOneList(file, paths);
  return { roles: pairs.map(([role]) => role), root, rowsOf: (value) => expand(value, paths) };
}

function parsePath(text: string): Path {
  const at = text.indexOf('[]');
  if (at < 0) return { names: namesOf(text) };
  return { names: namesOf(text.slice(0, at)), inEach: parsePath(text.slice(at + 2).replace(/^\./, '')) };
}

function namesOf(text: string): string[] {
  return text === '' ? [] : text.split('.');
}

/** The outermost list of a path, if any. */
function listOf({ names, inEach }: Path): string | undefined {
  return inEach === undefined ? undefined : names.join('.');
}

function assertOneList(file: string, paths: readonly Path[]): void {
  const within = paths.filter(({ inEach }) => inEach !== undefined);
  const lists = [...new Set(within.map(listOf))];
  if (lists.length > 1)
    throw unknownColumns(file, `--columns takes rows from several lists (${lists.join(', ')})`);
  if (within.length > 0)
    assertOneList(
      file,
      within.map(({ inEach }) => inEach!),
    );
}

function expand(value: unknown, paths: readonly Path[]): unknown[][] {
  const list = paths.find(({ inEach }) => inEach !== undefined);
  if (list === undefined) return [paths.map(({ names }) => valueAt(value, names))];
  const elements = valueAt(value, list.names);
  if (!Array.isArray(elements)) return [];
  const inner = paths.flatMap(({ inEach }) => inEach ?? []);
  return elements.flatMap((element) =>
    expand(element, inner).map((row) => {
      let next = 0;
      return paths.map(({ names, inEach }) => (inEach === undefined ? valueAt(value, names) : row[next++]));
    }),
  );
}

function valueAt(value: unknown, names: readonly string[]): unknown {
  let at: unknown = value;
  for (const name of names) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
