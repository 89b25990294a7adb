#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Plain JavaScript, so that a Node too old to run TypeScript can say what is wrong in one line.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `pinwalk needs Node 24 or newer, this is ${process.version}: run "npm ci" once, then "npm start" or ` +
      `"npm run -s pinwalk -- <command>", which bring their own Node\n`,
  );
  process.exitCode = 1;
} else {
  // V8 would allocate some objects of a request directly in the old generation, where they retain whole requests: pauses
  // of 10 to 30 ms twice a second under load (docs/perf-notes.md). Must be set before any code is compiled.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // Compiled code is cached beside the installed packages, which halves the start time of commands, and of threads,
  // which read the variable. Without write access there, nothing is cached.
  // Not a named import: a Node too old to have it would end with a SyntaxError before the check above.
  const { directory } = nodeModule.enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/pinwalk', import.meta.url)),
  );
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  const { main } = await import('./pinwalk.ts');
  await main(process.argv);
}
