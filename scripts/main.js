#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
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
  // V8 would put some objects of a request among the old ones at once, and these hold on to whole requests: pauses of
  // 10 to 30 ms twice a second under load (docs/perf-notes.md). Has to come before any code that is compiled.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // Compiled once and kept beside the installed packages: a command starts in half the time, and so do threads, which
  // read the variable. Where nothing can be written there, all is compiled anew.
  const { directory } = enableCompileCache(
    fileURLToPath(new URL('../node_modules/.cache/pinwalk', import.meta.url)),
  );
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE ??= directory;
  const { main } = await import('./pinwalk.ts');
  await main(process.argv);
}
