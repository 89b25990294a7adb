import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const folders: readonly string[] = ['engine', 'graph-data', 'api', 'scripts'];
const root = path.resolve(import.meta.dirname, '../..');

export interface Source {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

/** An `import` or `export … from` of a relative path. */
export interface Link {
  readonly target: string;
  /** Erased with the types: nothing of it is left at run time. */
  readonly isType: boolean;
  readonly isReExport: boolean;
  /** `import()`: loaded when it runs. */
  readonly isLate?: boolean;
  /** By their names in the target; `*` for all of them. */
  readonly names: readonly Name[];
}

export function readSources(of: readonly string[] = folders): Source[] {
  const files = of.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|js)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  return [...files, 'index.ts'].map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
}

const statement =
  /^(import|export)\s+(type\s+)?((?:[\w$]+\s*,\s*)?(?:\{[^}]*\}|\*(?:\s+as\s+[\w$]+)?)|[\w$]+)\s*from\s*'(\.[^']*)'/gm;
const bare = /^import\s+'(\.[^']*)'/gm;
const dynamic = /(\btypeof\s+)?\bimport\(\s*'(\.[^']*)'\s*\)/g;

export function linksOf({ file, text }: Source): Link[] {
  const from = (specifier: string): string => path.posix.join(path.posix.dirname(file), specifier);
  const links: Link[] = [];
  for (const [, keyword, type, clause, specifier] of text.matchAll(statement)) {
    const names = namesIn(clause!, type !== undefined);
    links.push({
      target: from(specifier!),
      isType: type !== undefined || names.every((name) => name.isType),
      isReExport: keyword === 'export',
      names,
    });
  }
  const whole = { isReExport: false, names: [{ name: '*', as: '*', isType: false }] };
  for (const [, specifier] of text.matchAll(bare)) {
    links.push({ target: from(specifier!), isType: false, isReExport: false, names: [] });
  }
  for (const [, type, specifier] of text.matchAll(dynamic)) {
    links.push({ ...whole, target: from(specifier!), isType: type !== undefined, isLate: true });
  }
  return links;
}

interface Name {
  readonly name: string;
  readonly as: string;
  readonly isType: boolean;
}

/** `{ a, type b as c }`, `* as d`, `e` or `e, { a }`. */
function namesIn(clause: string, areTypes = false): Name[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1];
  const before = clause
    .replace(/\{[^}]*\}/, '')
    .replace(',', '')
    .trim();
  const names = (braces ?? '')
    .replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '')
    .split(',')
    .map((name) => /^\s*(type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(name))
    .filter((match) => match !== null)
    .map(([, type, name, as]) => ({ name: name!, as: as ?? name!, isType: areTypes || type !== undefined }));
  if (before.startsWith('*')) {
    names.push({ name: '*', as: before.split(/\s+/)[2] ?? '*', isType: areTypes });
  } else if (before !== '') {
    names.push({ name: 'default', as: before, isType: areTypes });
  }
  return names;
}

const declaration =
  /^export\s+(default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|const|let|class|interface|type|enum)\s+([\w$]+)/gm;
const list = /^export\s+(?:type\s+)?(\{[^}]*\})\s*;/gm;

/** The names that a source declares and exports, without those that it re-exports. */
export function exportsOf({ text }: Source): string[] {
  return [
    ...[...text.matchAll(declaration)].map(([, isDefault, name]) => (isDefault ? 'default' : name!)),
    ...[...text.matchAll(list)].flatMap(([, names]) => namesIn(names!).map(({ as }) => as)),
  ];
}
