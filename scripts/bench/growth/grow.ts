import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { databasePathOf, filesBytes } from './disk.ts';
import { sizeOf } from './graph-size.ts';
import { runMeasured } from './measured-command.ts';
import { type Served, serveGraph } from './serve-graph.ts';

/** One step from a file of saves to a graph that is served. */
interface Stage {
  readonly name: string;
  readonly seconds: number;
  readonly peakBytes: number;
  /** Bytes that the step leaves on disk. */
  readonly diskBytes: number;
}

export interface Grown {
  readonly saves: number;
  /** Of the snapshot: equal for equal graphs. */
  readonly version: string;
  readonly stages: readonly Stage[];
  readonly served: Served;
  /** What `pinwalk estimate` says of the build before it begins. */
  readonly estimate: Estimate;
}

interface Estimate {
  readonly snapshotBytes: number;
  readonly graphBytes: number;
  readonly buildBytes: number;
  readonly buildSeconds: number;
}

const none = (): number => 0;

/**
 * Takes a synthetic graph of so many saves from its generator to a server under load, in an empty folder. Each load lasts
 * `loadSeconds`.
 */
export async function grow(
  folder: string,
  saves: number,
  loadSeconds: number,
  report: (what: string) => void,
): Promise<Grown> {
  const size = sizeOf(saves);
  const data = path.join(folder, 'data');
  const file = path.join(folder, 'saves.tsv');
  const sizes = [
    `--pins=${size.pins}`,
    `--boards=${size.boards}`,
    `--saves=${saves}`,
    `--topics=${size.topics}`,
  ];
  const stages: Stage[] = [];
  const stage = async (name: string, diskBytes: () => number, ...args: string[]): Promise<string> => {
    report(name);
    const { seconds, peakBytes, output } = await runMeasured(...args);
    stages.push({ name, seconds, peakBytes, diskBytes: diskBytes() });
    return output;
  };
  await stage('generate', () => statSync(file).size, 'sample', 'synthetic', ...sizes, '--output', file);
  await stage('import', () => filesBytes(databasePathOf(data)), 'import', file, '--data', data);
  rmSync(file);
  const estimate = JSON.parse(
    await stage('estimate', none, 'estimate', '--data', data, '--json'),
  ) as Estimate;
  const snapshots = path.join(data, 'snapshots');
  const built = await stage('build', () => filesBytes(snapshots), 'build', '--data', data, '--json');
  await stage('verify', none, 'snapshots', 'verify', '--data', data);
  const { version } = JSON.parse(built) as { version: string };
  report('serve');
  return { saves, version, stages, served: await serveGraph(data, size, loadSeconds, report), estimate };
}
