import { version } from '../../graph-data/base/index.ts';

/** How a page was made, stated at its end. */
export interface Provenance {
  /** The command line as typed. */
  readonly command: string;
  readonly versions: readonly { readonly name: string; readonly version: string }[];
}

/** The command line and versions of this process. */
export function provenance(): Provenance {
  return {
    command: commandLine(process.argv.slice(2)),
    versions: [
      { name: 'pinwalk', version },
      { name: 'Node', version: process.versions.node },
    ],
  };
}

/** The command line, quoted for a shell. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  );
  return ['pinwalk', ...quoted].join(' ');
}
