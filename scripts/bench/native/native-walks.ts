import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { PinBoardGraph, VisitTable } from '../../../engine/index.ts';

/** The result of the queries of a round. */
export interface NativeRound {
  readonly ns: number;
  /** {@link visitsChecksum}, summed over the queries. */
  readonly checksum: number;
}

interface NativeQueries {
  readonly steps: number;
  readonly restartProbability: number;
  /** Of the visit table in which a walk starts. */
  readonly log2Capacity: number;
  /** The seed of a query is its index. */
  readonly pins: readonly number[];
}

const compilers = ['g++', 'clang++'];

/** Compiles the walks of this folder into an executable; returns undefined without a C++ compiler. */
export function compileNativeWalks(folder: string): string | undefined {
  const executable = path.join(folder, 'native-walks');
  const source = path.join(import.meta.dirname, 'main.cpp');
  for (const compiler of compilers) {
    try {
      execFileSync(compiler, ['-O3', '-march=native', '-std=c++17', '-o', executable, source]);
      return executable;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

/** A process that walks natively on a copy of a graph's arrays; `close` ends it. */
export class NativeWalks {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** Writes the arrays to `file` for the process. */
  constructor(executable: string, file: string, graph: PinBoardGraph) {
    writeArrays(file, graph);
    this.#child = spawn(executable, [file], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#child.stdout!)[Symbol.asyncIterator]();
  }

  async run(walk: 'one' | 'interleaved', queries: NativeQueries): Promise<NativeRound> {
    const { steps, restartProbability, log2Capacity, pins } = queries;
    const restartBelow = Math.min(Math.ceil(restartProbability * 2 ** 32), 2 ** 32 - 1);
    const numbers = [steps, restartBelow, log2Capacity, pins.length, ...pins.flatMap((pin, i) => [pin, i])];
    this.#child.stdin!.write(`${walk} ${numbers.join(' ')}\n`);
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('the native walks ended');
    const [ns = NaN, checksum = NaN] = line.value.split(' ').map(Number);
    return { ns, checksum };
  }

  close(): void {
    this.#child.stdin!.end();
  }
}

/** A sum over the visited nodes: equal sums show that two walks made the same visits. */
export function visitsChecksum({ entries, touched, size }: VisitTable): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const slot = touched[i]!;
    sum = (sum + mix32((Math.imul(entries[2 * slot]!, 0x9e3779b1) + entries[2 * slot + 1]!) | 0)) >>> 0;
  }
  return sum;
}

/** As in graph.h. */
function mix32(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Each array behind its length. */
function writeArrays(file: string, { pinToBoard, boardToPin }: PinBoardGraph): void {
  const fd = openSync(file, 'w');
  for (const array of [pinToBoard.slices, pinToBoard.neighbors, boardToPin.slices, boardToPin.neighbors]) {
    writeFully(fd, new Uint8Array(new BigInt64Array([BigInt(array.length)]).buffer));
    writeFully(fd, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  closeSync(fd);
}

function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, Math.min(bytes.length - at, 2 ** 30));
}
