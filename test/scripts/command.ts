import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const main = path.join(import.meta.dirname, '../../scripts/main.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command finds its compiled code itself: other V8 flags than those of the tests made it. */
export function commandEnv(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: undefined };
}

/** Starts the real command. `ended` resolves with what it printed. */
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
