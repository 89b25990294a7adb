import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A file of the docs page. */
interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Whether its name changes with its content, so that clients may cache it forever. */
  readonly isVersioned: boolean;
}

const html = 'text/html; charset=utf-8';
const css = 'text/css; charset=utf-8';
const javascript = 'text/javascript; charset=utf-8';

/** The docs page, `index.html`, and the files that it loads, by name. Nothing is loaded from other servers. */
export function readPage(): ReadonlyMap<string, PageFile> {
  const { resolve } = createRequire(import.meta.url);
  const explorer = readFileSync(resolve('openapi-explorer/dist/browser/openapi-explorer.min.js'));
  const { version } = JSON.parse(readFileSync(resolve('openapi-explorer/package.json'), 'utf8')) as {
    version: string;
  };
  const explorerName = `openapi-explorer-${version}.js`;
  return new Map([
    [
      'index.html',
      {
        type: html,
        bytes: Buffer.from(own('index.html').replace('{explorer}', explorerName)),
        isVersioned: false,
      },
    ],
    ['docs.css', { type: css, bytes: Buffer.from(own('docs.css')), isVersioned: false }],
    [explorerName, { type: javascript, bytes: explorer, isVersioned: true }],
  ]);
}

function own(name: string): string {
  return readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');
}
