import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { LoadResult } from '../open-loop.ts';

/** Rows of a list; requests have whole lists. */
export const rowsOfList = 20;

export interface FloodOptions {
  readonly port: number;
  readonly rowsPerSecond: number;
  /** A multiple of {@link rowsOfList}. */
  readonly rowsPerRequest: number;
  readonly seconds: number;
  /** Whether rows come as lines, or as an array. */
  readonly isStream: boolean;
  /** Floods of different seeds have different rows. */
  readonly seed: number;
}

export interface FloodResult extends Pick<LoadResult, 'statuses' | 'failed' | 'answered'> {
  /** Acknowledged ones. */
  readonly rows: number;
  /** Processor time of the sender. */
  readonly seconds: number;
}

/** Floods a server from a process of its own. */
export async function flood(options: FloodOptions): Promise<FloodResult> {
  const args = [path.join(import.meta.dirname, 'sender.ts'), JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout)) as FloodResult;
}
