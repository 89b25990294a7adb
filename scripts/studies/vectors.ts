import assert from 'node:assert/strict';
import { Command } from 'commander';
import {
  Dots,
  type ScoredPin,
  type Vectors,
  createVectors,
  nearest,
  nearestTo,
  nextUnit,
  quantized,
  randomStream,
  vectorsOf,
} from '../../engine/index.ts';
import { median } from '../bench/case.ts';
import { integer } from '../commands/shared/options.ts';
import { bytesText, print } from '../output.ts';

interface Options {
  readonly vectors: number;
  readonly dims: number;
  readonly queries: number;
}

/** Random substream of the study. */
const stream = 0x4000_0050;
/** Vectors around one centre, on average: pictures of one kind. */
const perCentre = 200;
/** Length of the noise around a centre of length about 1. */
const noise = 1;
const k = 10;
const pairs = 15;

export function vectorsCommand(): Command {
  return new Command('vectors')
    .description('Time, memory and recall of nearest vectors: int8 against float32, in one scan.')
    .option('--vectors <n>', 'number of vectors', integer(10), 1_000_000)
    .option('--dims <n>', 'dimensions', integer(1, 4096), 128)
    .option('--queries <n>', 'queries', integer(1), 20)
    .action(({ vectors: count, dims, queries }: Options) => {
      const coordinates = made(count, dims);
      const [int8, int8Seconds] = timed(() => createVectors(coordinates, dims, 'int8'));
      const [float32, float32Seconds] = timed(() => createVectors(coordinates, dims, 'float32'));
      print(`${count} vectors of ${dims} dimensions, in ${Math.ceil(count / perCentre)} groups`);
      row('build, int8', int8Seconds, bytesText(bytesOf(int8)));
      row('build, float32', float32Seconds, bytesText(bytesOf(float32)));
      const asked = Int32Array.from({ length: queries }, (_, i) => Math.floor((i * count) / queries));
      const dots = new Dots();
      const [exact, exactSeconds] = timed(() => nearest(float32, asked, k));
      const [plain, plainSeconds] = timed(() => nearest(int8, asked, k));
      const [found, foundSeconds] = timed(() => nearest(int8, asked, k, undefined, dots));
      assert.deepEqual(found, plain);
      row('search, float32, a query of many at once', exactSeconds / queries, 'exact');
      row(
        'search, int8, a query of many at once',
        foundSeconds / queries,
        `recall@${k} ${recall(exact, found)}`,
      );
      row('the same by plain loops', plainSeconds / queries, 'the same lists');
      const one = int8.values.subarray(0, dims) as Int8Array;
      const plainTimes: number[] = [];
      const times: number[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        plainTimes.push(timed(() => nearestTo(int8, one, k))[1]);
        times.push(timed(() => nearestTo(int8, one, k, undefined, dots))[1]);
      }
      const ratios = times.map((time, i) => time / plainTimes[i]!).toSorted((a, b) => a - b);
      row('search, int8, one query', median(times), `median of ${pairs} alternating pairs`);
      row('the same by plain loops', median(plainTimes), '');
      print(
        `${' '.repeat(49)}${ratios[pairs >> 1]!.toFixed(3)} of the time, ${ratios[0]!.toFixed(3)} to ${ratios.at(-1)!.toFixed(3)}`,
      );
      const [, liveSeconds] = timed(() => {
        const values = new Int8Array(new SharedArrayBuffer(dims));
        values.set(quantized(coordinates.subarray(0, dims)));
        return nearestTo(int8, vectorsOf(values, dims).values, 100, undefined, dots);
      });
      row('a new vector until its 100 nearest are known', liveSeconds, '');
    });
}

/** Vectors around random centres. */
function made(count: number, dims: number): Float32Array {
  const random = randomStream(1, 0, stream);
  const centres = Array.from({ length: Math.ceil(count / perCentre) }, () => drawn(dims));
  const coordinates = new Float32Array(count * dims);
  for (let vector = 0; vector < count; vector++) {
    const centre = centres[Math.floor(nextUnit(random) * centres.length)]!;
    for (let i = 0; i < dims; i++) {
      coordinates[vector * dims + i] = centre[i]! + (noise * (2 * nextUnit(random) - 1)) / Math.sqrt(dims);
    }
  }
  return coordinates;

  function drawn(length: number): Float32Array {
    return Float32Array.from({ length }, () => (2 * nextUnit(random) - 1) / Math.sqrt(length));
  }
}

/** Processor time of this process, as the machine may be busy. */
function timed<Result>(work: () => Result): [Result, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

function bytesOf({ values, scales }: Vectors): number {
  return values.byteLength + scales.byteLength;
}

function recall(exact: readonly ScoredPin[][], found: readonly ScoredPin[][]): string {
  const shares = exact.map((list, i) => {
    const pins = new Set(list.map(({ pin }) => pin));
    return found[i]!.filter(({ pin }) => pins.has(pin)).length / list.length;
  });
  return (shares.reduce((sum, share) => sum + share, 0) / shares.length).toFixed(3);
}

function row(name: string, seconds: number, note: string): void {
  print(`${name.padEnd(48)} ${(1000 * seconds).toFixed(1).padStart(10)} ms  ${note}`);
}
