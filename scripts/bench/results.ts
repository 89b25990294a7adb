import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';

/** The code that a benchmark ran. */
export interface Origin {
  /** ISO 8601. */
  readonly date: string;
  /** The last commit that changed code or dependencies, which figures depend on, and documents do not. */
  readonly commit: string;
}

/** `--results FILE`. */
export function resultsOption(): Option {
  return new Option('--results <file>', 'JSON file for the whole report, with date and commit');
}

export function originNow(): Origin {
  const code = ['--', '*.ts', '*.js', '*.cc', 'package-lock.json'];
  const commit = git('log', '-1', '--format=%h', ...code);
  const isChanged = git('status', '--porcelain', '--untracked-files=no', ...code) !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: isChanged ? `${commit} with changes` : commit,
  };
}

/** Writes a report for `npm run figures`; nothing without a file. */
export function writeResults(file: string | undefined, report: object): void {
  if (file === undefined) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...originNow(), ...report }, null, 1)}\n`);
}

/** A report that {@link writeResults} has written, whose type its benchmark knows; undefined if there is none. */
export function readResults(file: string): Origin | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Origin;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}
