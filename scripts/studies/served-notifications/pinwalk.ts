import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const main = path.join(import.meta.dirname, '../../main.js');
const bufferMax = 2 ** 26;

/** Runs a command as an operator does, beside the server; returns what it prints. */
export async function pinwalk(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { maxBuffer: bufferMax });
  return stdout;
}
