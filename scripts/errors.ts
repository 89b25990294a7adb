import { Problem } from '../api/base/index.ts';
import { EngineError } from '../engine/index.ts';
import { DataError } from '../graph-data/base/index.ts';
import { UsageError } from './commands/shared/options.ts';
import { printable } from './output.ts';

/** Prints an error of a command and sets the exit code: 2 wrong usage, 130 stopped by Ctrl-C, 1 otherwise. */
export function report(error: unknown): void {
  process.exitCode = exitCodeOf(error);
  // A message may quote a file: its control characters are not for the terminal.
  process.stderr.write(`pinwalk: ${messageFor(error).split('\n').map(printable).join('\n')}\n`);
  // A pending read from an open pipe would keep a stopped process alive.
  if (process.exitCode === stoppedCode) process.exit();
}

/** By convention, 128 and the number of SIGINT. */
const stoppedCode = 130;

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof EngineError) return 2;
  if (error instanceof Problem && error.code === 'invalid-request') return 2;
  if (
    error instanceof DataError &&
    ['dataset-unknown', 'preset-refused', 'sweep-unusable', 'table-format-unknown'].includes(error.code)
  )
    return 2;
  return error instanceof DataError && error.code === 'stopped' ? stoppedCode : 1;
}

/** One line for an expected error; the stack for a bug. */
function messageFor(error: unknown): string {
  const isExpected = [DataError, EngineError, Problem, UsageError].some((kind) => error instanceof kind);
  if (isExpected) return (error as Error).message;
  const { code, stack, message, name } = error as NodeJS.ErrnoException;
  if (name === 'SqliteError') return `cannot use the database: ${message} (${code})${remedyFor(code)}`;
  if (code === 'EADDRINUSE') return `${message}: another process uses this port; choose another with --port`;
  // The message of a system error states its cause.
  return code !== undefined && /^E[A-Z]+$/.test(code) ? message : (stack ?? String(error));
}

function remedyFor(code = ''): string {
  const isDisk = /^SQLITE_(READONLY|CANTOPEN|FULL|IOERR)/.test(code);
  return isDisk ? '; make sure that the data folder is writable and the disk is not full' : '';
}
