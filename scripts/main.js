#!/usr/bin/env node
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** A checkout runs the sources, the installed package what `prepack` compiled from them. */
const isCheckout = existsSync(new URL('pinwalk.ts', import.meta.url));
const compiled = '../dist/';

// Plain JavaScript, so that a Node too old to run pinwalk can report that in one line.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  const remedy = isCheckout
    ? 'run "npm ci" once, then "npm start" or "npm run -s pinwalk -- <command>", which bring their own Node'
    : 'install Node 24, or run "npm install node@24", which "npx pinwalk <command>" then uses';
  process.stderr.write(`pinwalk needs Node 24 or newer, this is ${process.version}: ${remedy}\n`);
  process.exitCode = 1;
} else {
  // V8 would allocate some objects of a request directly in the old generation, where they retain whole requests: pauses
  // of 10 to 30 ms twice a second under load (docs/perf-notes.md). Must be set before any code is compiled.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // Of threads that start from here on. The heap of one that walks, 14 MB, would have less room to grow than its young generation
  // has, and so be collected as soon as it gets another graph: 16 to 53 ms without an answer (docs/perf-notes.md).
  setFlagsFromString('--initial-old-space-size=48');
  // Compiled code is cached beside the installed packages, which halves the start time of commands, and of threads,
  // which read the variable. Without write access there, nothing is cached.
  // Not a named import: a Node too old to have it would end with a SyntaxError before the check above.
  const { directory } = nodeModule.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/pinwalk', import.meta.url)),
  );
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  const { findOwnModules } = await (isCheckout
    ? import('../graph-data/base/index.ts')
    : import(`${compiled}graph-data/base/index.js`));
  findOwnModules();
  const { main } = await (isCheckout ? import('./pinwalk.ts') : import(`${compiled}scripts/pinwalk.js`));
  await main(process.argv);
}
