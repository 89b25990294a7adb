import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Problem } from '../api/index.ts';
import { EngineError } from '../engine/index.ts';
import { DataError } from '../graph-data/index.ts';
import { buildCommand } from './commands/build.ts';
import { compareCommand } from './commands/compare.ts';
import { configCommand } from './commands/config.ts';
import { datasetCommand } from './commands/dataset.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { estimateCommand } from './commands/estimate.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { presetsCommand } from './commands/presets.ts';
import { recommendCommand } from './commands/recommend.ts';
import { sampleCommand } from './commands/sample.ts';
import { serveCommand, startCommand } from './commands/serve.ts';
import { snapshotsCommand } from './commands/snapshots.ts';
import { sweepCommand } from './commands/sweep.ts';
import { walkCommand } from './commands/walk.ts';
import { UsageError } from './commands/shared/options.ts';

/** Runs one command line and sets the exit code: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C. */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of our output may go away first, as `| head -1` does: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  const program = new Command('pinwalk')
    .description('Recommends what goes with what, by random walks over a user-pin-board graph.')
    .version(ownVersion())
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by Ctrl-C.

Examples:
  pinwalk import saves.tsv.gz pins.csv     bring data in
  pinwalk build                            make a snapshot of it and activate it
  pinwalk serve                            answer REST requests
  pinwalk recommend --pin express          ask without a server`,
    );
  const commands = [
    importCommand(),
    sampleCommand(),
    datasetCommand(),
    estimateCommand(),
    buildCommand(),
    snapshotsCommand(),
    recommendCommand(),
    walkCommand(),
    evaluateCommand(),
    compareCommand(),
    sweepCommand(),
    presetsCommand(),
    keysCommand(),
    serveCommand(),
    startCommand(),
    configCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap((each) => each.commands)]) {
    command.exitOverride().showHelpAfterError('(--help tells more)');
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    const message = messageFor(error);
    if (message !== '') process.stderr.write(`pinwalk: ${message}\n`);
    // A read from a pipe that nobody fills would keep a stopped process alive.
    if (process.exitCode === stoppedCode) process.exit();
  }
}

function ownVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}

/** By convention, 128 and the number of SIGINT. */
const stoppedCode = 130;

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof UsageError || error instanceof EngineError) return 2;
  if (error instanceof Problem && error.code === 'invalid-request') return 2;
  if (
    error instanceof DataError &&
    ['dataset-unknown', 'preset-refused', 'sweep-unusable'].includes(error.code)
  )
    return 2;
  return error instanceof DataError && error.code === 'stopped' ? stoppedCode : 1;
}

/** One line for an expected error; the stack for a bug, for its report. Commander prints its own errors. */
function messageFor(error: unknown): string {
  if (error instanceof CommanderError) return '';
  const foreseen = [DataError, EngineError, Problem, UsageError].some((kind) => error instanceof kind);
  if (foreseen) return (error as Error).message;
  const { code, stack, message, name } = error as NodeJS.ErrnoException;
  if (name === 'SqliteError') return `the database cannot be used: ${message} (${code})`;
  if (code === 'EADDRINUSE') return `${message}: another server has this port; choose one with --port`;
  // An error of the operating system names its cause in the message.
  return code !== undefined && /^E[A-Z]+$/.test(code) ? message : (stack ?? String(error));
}
