import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The encodings of an asset, by their names in Accept-Encoding, the preferred one first. */
export const encodings = ['br', 'gzip', 'identity'] as const;
type Encoding = (typeof encodings)[number];

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly bytes: Readonly<Record<Encoding, Uint8Array>>;
  readonly etag: string;
  /** Whether its name changes with its content, so that it can be cached forever. */
  readonly isVersioned: boolean;
}

/** The files of the page by name; `index.html` is the page itself. */
export type Assets = ReadonlyMap<string, Asset>;

const folder = path.join(import.meta.dirname, 'page');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const deflated = promisify(gzip);
const brotli = promisify(brotliCompress);

/**
 * Bundles the TypeScript and CSS of the page in memory; the names of the files change with their content. Takes 0.13 to 0.5 s on a
 * busy machine, of which this thread works 50 to 200 ms, at most 61 ms at a time, because esbuild is a process of its
 * own. Rejects when esbuild cannot run.
 */
export async function bundlePage(): Promise<Assets> {
  // Imported late, because it loads slowly and many servers never have a visitor.
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['main.tsx', 'theme.ts', 'styles/page.css', 'walk-view/layout-worker.ts'],
    outdir: 'out',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  await stop();
  const texts = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  const named = html.replaceAll(/\{([\w-]+\.\w+)\}/g, (_, name: string) => nameOf(name, texts));
  const files = [...texts, ['index.html', named] as const];
  return new Map(
    await Promise.all(files.map(async ([name, text]) => [name, await asset(name, text)] as const)),
  );
}

/** The name that esbuild gave to a file that the HTML calls `main.js`, for example. */
function nameOf(name: string, texts: ReadonlyMap<string, string>): string {
  const { name: stem, ext } = path.parse(name);
  return [...texts.keys()].find((each) => each.startsWith(`${stem}-`) && each.endsWith(ext)) ?? name;
}

async function asset(name: string, text: string): Promise<Asset> {
  const plain = Buffer.from(text);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };
  return {
    type: types[path.extname(name)] ?? 'application/octet-stream',
    bytes: { identity: plain, gzip: await deflated(plain), br: await brotli(plain, quality) },
    etag: createHash('sha256').update(plain).digest('base64url').slice(0, 16),
    isVersioned: name !== 'index.html',
  };
}
