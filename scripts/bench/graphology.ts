import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { BenchCase } from './case.ts';
import type { GraphologyReport } from './graphology-child.ts';

/** Run in separate processes, to measure memory: the same tasks on the view and on a plain Graphology graph. */
const tasks = ['view:make', 'plain:make', 'view:louvain', 'plain:louvain', 'pagerank'];

/** Time and peak memory of Louvain and PageRank on a snapshot, and of Louvain on a plain Graphology graph. */
export async function benchGraphology(root: string, version: string): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const task of tasks) {
    const script = path.join(import.meta.dirname, 'graphology-child.ts');
    const child = spawn(process.execPath, [script, task, root, version], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const report = await text(child.stdout);
    if (report === '') throw new Error(`${task} failed`);
    const { seconds, peakBytes, hash } = JSON.parse(report) as GraphologyReport;
    cases.push(
      { name: `graphology/${task}`, value: seconds, unit: 's', ratios: {}, hash },
      { name: `graphology/${task}-memory`, value: peakBytes / 1e6, unit: 'MB peak', ratios: {}, hash },
    );
  }
  return cases;
}
