import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resident memory in bytes, from /proc; NaN if unavailable. */
  readonly residentBytes: () => number;
  /** The highest resident memory since the start, likewise. */
  readonly peakBytes: () => number;
  /** Processor time of all its threads so far, from /proc; NaN if unavailable. */
  readonly cpuMs: () => number;
  /** The probe's response. */
  readonly readProbe: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
  readonly kill: () => Promise<void>;
}

/** The root of this project, or of an earlier state of it. */
const own = path.join(import.meta.dirname, '../../..');
const commandOf = (root: string): string => path.join(root, 'scripts/main.js');

/**
 * Starts the real server, as `pinwalk serve` does, on a free port of this machine. `probe` is imported by it before
 * everything else, and answers each message. An abort of `signal` kills the server. `root`: of the project that is started.
 */
export async function startServer(
  data: string,
  flags: readonly string[] = [],
  {
    signal,
    probe,
    root = own,
  }: { readonly signal?: AbortSignal; readonly probe?: URL; readonly root?: string } = {},
): Promise<ServerProcess> {
  const args = [commandOf(root), 'serve', '--data', data, '--port', '0', '--log-level', 'warn', ...flags];
  const imports = probe === undefined ? [] : ['--import', probe.href];
  const child = spawn(process.execPath, [...imports, ...args], {
    stdio: probe === undefined ? ['ignore', 'pipe', 'inherit'] : ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  signal?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  const port = await portOf(child);
  const read = async (): Promise<unknown> => {
    const answer = once(child, 'message');
    child.send('read');
    return (await answer)[0] as unknown;
  };
  return {
    port,
    pid: child.pid!,
    readProbe: read,
    residentBytes: () => statusBytes(child, 'VmRSS'),
    peakBytes: () => statusBytes(child, 'VmHWM'),
    cpuMs: () => cpuMsOf(child),
    stop: async () => endChild(child, 'SIGTERM'),
    kill: async () => endChild(child, 'SIGKILL'),
  };
}

/** Starts an Express app that answers every request for related pins with `body`. */
export async function startFixedAnswer(
  body: string,
): Promise<Pick<ServerProcess, 'port' | 'cpuMs' | 'stop'>> {
  const script = path.join(import.meta.dirname, 'fixed-answer.ts');
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(body);
  return {
    port: await portOf(child),
    cpuMs: () => cpuMsOf(child),
    stop: async () => endChild(child, 'SIGTERM'),
  };
}

/** Starts a script that prints its address, such as a server to compare with. */
export async function startScript(script: string): Promise<Pick<ServerProcess, 'port' | 'stop'>> {
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { port: await portOf(child), stop: async () => endChild(child, 'SIGTERM') };
}

/** The port of the address that a server prints once it listens. */
async function portOf(child: ChildProcess): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server exited with ${String(code)}`)));
    createInterface(child.stdout!).on('line', (line) => {
      const found = /:(\d+)$/.exec(line.trim());
      if (found !== null) resolve(Number(found[1]));
    });
  });
}

/** Runs a pinwalk command; rejects if it fails. */
export async function runCommand(...args: readonly string[]): Promise<void> {
  await runCommandOf(own, ...args);
}

/** The same of the project in a folder. */
export async function runCommandOf(root: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [commandOf(root), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`pinwalk ${args.join(' ')} exited with ${String(code)}`);
}

async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** Linux counts in hundredths of a second. */
const msPerTick = 10;

function cpuMsOf({ pid }: ChildProcess): number {
  try {
    const [, fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = fields!.split(' ').slice(11);
    return msPerTick * (Number(user) + Number(system));
  } catch {
    return NaN;
  }
}

/** A field of /proc/PID/status that counts memory; NaN if unavailable. */
export function statusBytes({ pid }: ChildProcess, field: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
  } catch {
    return NaN;
  }
}
