import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { statusBytes } from '../api/server-process.ts';

/** Time, memory and output of one pinwalk command. */
interface MeasuredCommand {
  readonly seconds: number;
  /** The highest resident memory of its process, from /proc; NaN if unavailable. */
  readonly peakBytes: number;
  readonly output: string;
}

const command = path.join(import.meta.dirname, '../../main.js');
/** Memory that grows at 1 GB/s is known to within 100 MB. */
const everyMs = 100;

/** Runs a pinwalk command, and shows what it prints on standard error. Rejects if it fails. */
export async function runMeasured(...args: readonly string[]): Promise<MeasuredCommand> {
  const started = performance.now();
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let peakBytes = NaN;
  const watch = setInterval(() => {
    const peak = statusBytes(child, 'VmHWM');
    // Not a number once the process has ended: the last one stays.
    if (!Number.isNaN(peak)) peakBytes = peak;
  }, everyMs);
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]).finally(() => clearInterval(watch));
  if (code !== 0) throw new Error(`pinwalk ${args.join(' ')} exited with ${String(code)}`);
  return { seconds: (performance.now() - started) / 1000, peakBytes, output };
}
