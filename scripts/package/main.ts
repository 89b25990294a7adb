/**
 * What `npm pack` runs first: compiles the sources into `dist/`, which git ignores, and puts beside them what they read at
 * run time: the bundled page, pages and style sheets (docs/decisions/023-package.md). Node does not strip types below
 * `node_modules`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundlePage } from '../../api/index.ts';

/** Read at run time, and not by `import`. */
const assets = ['api/http/openapi/page', 'api/notifications/languages', 'scripts/reports/page.css'];
const root = path.join(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
// All code without comments, and the declarations of the library.
for (const project of ['tsconfig.json', 'types.json']) {
  const args = [tsc, '-p', path.join(import.meta.dirname, project)];
  if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0) process.exit(1);
}
for (const asset of assets) cpSync(path.join(root, asset), path.join(dist, asset), { recursive: true });
const bundled = path.join(dist, 'api/explorer/bundled');
mkdirSync(bundled);
for (const [name, text] of await bundlePage()) writeFileSync(path.join(bundled, name), text);
