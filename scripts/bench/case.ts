import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import { print, thousands } from '../output.ts';

/** One result of a benchmark. Names are stable across releases. */
export interface BenchCase {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Ratio to the baseline of the same run, if there is one. */
  readonly ratio: number | null;
  /** Of the computed result: equal hashes show that two runs did the same work. */
  readonly hash: string;
}

interface BenchReport {
  readonly machine: string;
  readonly cases: readonly BenchCase[];
}

export function describeMachine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${memory} GB, ${process.platform}, Node ${process.version}`;
}

export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Runs work, and returns its time in seconds and its result. */
export async function timed<Result>(work: () => Result | Promise<Result>): Promise<[number, Result]> {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1000, result];
}

/** Prints cases as a table; ratios are relative to the baseline. */
export function printTable({ machine, cases }: BenchReport, baseline: string): void {
  print(machine);
  print('');
  print(`| case | value | against ${baseline} | hash |`);
  print('|---|---|---|---|');
  for (const { name, value, unit, ratio, hash } of cases) {
    const figure = value >= 1000 ? thousands(Math.round(value)) : value.toPrecision(3);
    print(`| ${name} | ${figure} ${unit} | ${ratio === null ? '' : `${ratio.toFixed(2)} ×`} | ${hash} |`);
  }
}
