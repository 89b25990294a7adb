import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { BenchCase } from './case.ts';
import type { GraphologyReport } from './graphology-child.ts';

/** Each in a process of its own, to see its memory: the same work on the view and on a plain Graphology graph. */
const works = ['view:make', 'plain:make', 'view:louvain', 'plain:louvain', 'pagerank'];

/** Time and peak memory of Louvain and PageRank on a snapshot, beside a plain Graphology graph of its saves. */
export async function benchGraphology(root: string, version: string): Promise<BenchCase[]> {
  const cases: BenchCase[] = [];
  for (const work of works) {
    const script = path.join(import.meta.dirname, 'graphology-child.ts');
    const child = spawn(process.execPath, [script, work, root, version], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const report = await text(child.stdout);
    if (report === '') throw new Error(`${work} failed`);
    const { seconds, peakBytes, hash } = JSON.parse(report) as GraphologyReport;
    cases.push(
      { name: `graphology/${work}`, value: seconds, unit: 's', ratio: null, hash },
      { name: `graphology/${work}-memory`, value: peakBytes / 1e6, unit: 'MB peak', ratio: null, hash },
    );
  }
  return cases;
}
