import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
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

/** Where the installed package has the bundled page. */
const bundled = path.join(import.meta.dirname, 'bundled');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const deflated = promisify(gzip);
const brotli = promisify(brotliCompress);

/** The page: read in the installed package, bundled in a checkout. */
export async function loadAssets(): Promise<Assets> {
  const texts = existsSync(bundled) ? await readTexts() : await (await import('./bundle.ts')).bundlePage();
  return new Map(
    await Promise.all([...texts].map(async ([name, text]) => [name, await asset(name, text)] as const)),
  );
}

async function readTexts(): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(bundled);
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(bundled, name), 'utf8')] as const),
    ),
  );
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
