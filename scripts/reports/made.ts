import { readFileSync } from 'node:fs';
import type { Made } from './page.ts';

/** This command line as it was typed, and what ran it. */
export function madeNow(): Made {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    command: commandLine(process.argv.slice(2)),
    versions: [
      { name: 'pinwalk', version },
      { name: 'Node', version: process.versions.node },
    ],
  };
}

/** Words as a shell would have to be given them. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  );
  return ['pinwalk', ...quoted].join(' ');
}
