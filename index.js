// Plain JavaScript: a checkout runs the sources, the installed package what `prepack` compiled from them
// (docs/decisions/023-package.md), and a Node too old for both gets one line that names the remedy.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

if (Number(process.versions.node.split('.')[0]) < 24) {
  throw new Error(`pinwalk needs Node 24 or newer, this is ${process.version}: install Node 24`);
}
const require = createRequire(import.meta.url);
const file = existsSync(new URL('index.ts', import.meta.url)) ? './index.ts' : './dist/index.js';

export const {
  DataError,
  EngineError,
  OpenGraph,
  Problem,
  evaluate,
  graphologyView,
  openGraph,
  recommend,
  toGraphology,
  walk,
} = require(file);
