import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Order, Report } from './kept-command.ts';

const main = path.join(import.meta.dirname, '../../scripts/main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command must use its own compile cache: its V8 flags differ from those of the tests. */
export function commandEnv(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: undefined };
}

/** Starts the real command. `ended` resolves with its output. */
export function startPinwalk(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: commandEnv(),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Standard error without what a command prints after five seconds, such as "evaluating 50 % 1 of 2 queries" or "reading x 5 rows". */
export function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^(?:.* \d+ % .*|[a-z]+ing .*)\n/gm, '');
}

/** Runs the real command, in a process of its own, to its end. */
export function pinwalkAlone(...args: string[]): Promise<Ended> {
  return startPinwalk(...args).ended;
}

let kept: ChildProcess | undefined;
let previous: Promise<unknown> = Promise.resolve();

/** Runs the command to its end in a process that runs others too, one after another, and loads the sources once. */
export async function pinwalk(...args: string[]): Promise<Ended> {
  const before = previous;
  const ended = Promise.withResolvers<void>();
  previous = ended.promise;
  await before;
  try {
    return await runKept(args);
  } finally {
    ended.resolve();
  }
}

async function runKept(order: Order): Promise<Ended> {
  const child = (kept ??= startKept());
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const output = { stdout: '', stderr: '' };
  const onReport = (report: Report): void => {
    if ('code' in report) resolve({ ...output, code: report.code, signal: null });
    else output[report.stream] += report.text;
  };
  const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
    kept = undefined;
    resolve({ ...output, code, signal });
  };
  child.on('message', onReport).once('exit', onExit);
  child.send(order);
  try {
    return await promise;
  } finally {
    child.off('message', onReport).off('exit', onExit);
  }
}

/** It ends with this process. */
function startKept(): ChildProcess {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  return fork(path.join(import.meta.dirname, 'kept-command.ts'), { stdio: [...stdio], execArgv: [] });
}

/** A Node of this machine that is too old for pinwalk, if there is one. */
export function oldNode(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => path.join(folder, 'node'))
    .find((node) => existsSync(node) && majorOf(node) < 24);
}

function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? Infinity);
}
