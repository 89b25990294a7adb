import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

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

/** Runs the real command to its end. */
export function pinwalk(...args: string[]): Promise<Ended> {
  return startPinwalk(...args).ended;
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
