#!/usr/bin/env node
// Plain JavaScript, so that a Node too old to run TypeScript can say what is wrong in one line.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `pinwalk needs Node 24 or newer, this is ${process.version}: run "npm ci" once, then "npm start" or ` +
      `"npm run -s pinwalk -- <command>", which bring their own Node\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./pinwalk.ts');
  await main(process.argv);
}
