import { createHash } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import { print, thousands } from '../output.ts';

/** One result of a benchmark. Names are stable across releases. */
export interface BenchCase {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Ratios to baselines of the same run, by name; null if the baseline is missing, for want of a C++ compiler. */
  readonly ratios: Readonly<Record<string, number | null>>;
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

/** Prints cases as a table: ratios first, then the figures, which depend on the machine. */
export function printTable({ machine, cases }: BenchReport): void {
  const baselines = [...new Set(cases.flatMap(({ ratios }) => Object.keys(ratios)))];
  print(machine);
  print('');
  print(`| ${['case', ...baselines.map((name) => `against ${name}`), 'value', 'hash'].join(' | ')} |`);
  print(`|${'---|'.repeat(baselines.length + 3)}`);
  for (const { name, value, unit, ratios, hash } of cases) {
    const figure = value >= 1000 ? thousands(Math.round(value)) : value.toPrecision(3);
    const cells = baselines.map((baseline) => ratioText(ratios[baseline]));
    print(`| ${[name, ...cells, `${figure} ${unit}`, hash].join(' | ')} |`);
  }
}

function ratioText(ratio: number | null | undefined): string {
  if (ratio === undefined) return '';
  return ratio === null ? 'no C++ compiler' : `${ratio.toFixed(2)} ×`;
}
