import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { saveCount } from '../../engine/index.ts';
import { type DataFolder, type LoadedSnapshot, loadSnapshot } from '../../graph-data/index.ts';
import { type BenchCase, hashOf, median } from './case.ts';
import type { ChildReport } from './measured-child.ts';

/** From a file of saves to a loaded graph. Each stage runs in its own process, to measure its memory; loads are repeated. */
export async function benchData(
  size: string,
  folder: DataFolder,
  file: string,
  rounds: number,
): Promise<{ cases: BenchCase[]; snapshot: LoadedSnapshot }> {
  const imported = await measure('import', folder, file);
  const built = await measure('build', folder);
  const { version } = built.result as { version: string };
  // Each load runs in a fresh process, as in a server.
  const loads: number[] = [];
  for (let round = 0; round < rounds; round++) loads.push((await measure('load', folder, version)).seconds);
  const snapshot = loadSnapshot(folder, version);
  const { graph } = snapshot;
  const saves = saveCount(graph);
  const graphBytes = [graph.pinToBoard, graph.boardToPin].reduce(
    (sum, { slices, neighbors }) => sum + slices.byteLength + neighbors.byteLength,
    graph.boardToUser.byteLength,
  );
  const { graph: counts } = imported.result as { graph: unknown };
  const figure = (name: string, value: number, unit: string, hash: string): BenchCase => {
    return { name: `${name}/${size}`, value, unit, ratios: {}, hash };
  };
  return {
    snapshot,
    cases: [
      figure('import', saves / imported.seconds, 'saves/s', hashOf(counts)),
      figure('import-memory', imported.peakBytes / 1e6, 'MB peak', hashOf(counts)),
      figure('build', saves / built.seconds, 'saves/s', version),
      figure('build-memory', built.peakBytes / 1e6, 'MB peak', version),
      figure('load', graphBytes / 1e6 / median(loads), 'MB/s', version),
      figure('graph-memory', graphBytes / saves, 'bytes/save', version),
    ],
  };
}

async function measure(
  what: 'import' | 'build' | 'load',
  folder: DataFolder,
  ...files: string[]
): Promise<ChildReport> {
  const script = path.join(import.meta.dirname, 'measured-child.ts');
  const child = spawn(process.execPath, [script, what, folder.root, ...files], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const report = await text(child.stdout);
  if (report === '') throw new Error(`${what} ${files.join(' ')} failed`);
  return JSON.parse(report) as ChildReport;
}
