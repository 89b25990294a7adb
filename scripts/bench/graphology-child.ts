import louvainModule from 'graphology-communities-louvain';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  globalPageRank,
  graphologyView,
  loadSnapshot,
  openDataFolder,
  toGraphology,
} from '../../graph-data/index.ts';
import { hashOf, timed } from './case.ts';

/** The output of a child process: the time to create the graph and run the task, and the peak memory of the process. */
export interface GraphologyReport {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly hash: string;
}

const louvain = louvainModule as unknown as typeof louvainModule.default;
const [task, root = '', version = ''] = process.argv.slice(2);
const { graph } = loadSnapshot(openDataFolder(root), version);

const [seconds, result] = await timed<unknown>(() => {
  if (task === 'pagerank') return hashOf([...globalPageRank(graph).pins]);
  const graphology = task?.startsWith('view') === true ? graphologyView(graph) : toGraphology(graph);
  if (task?.endsWith('make') === true) return graphology.size;
  const stream = randomStream(1);
  const { count, modularity } = louvain.detailed(graphology, {
    getEdgeWeight: null,
    rng: () => nextUnit(stream),
  });
  return [count, modularity];
});
const report: GraphologyReport = {
  seconds,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  hash: hashOf(result),
};
process.stdout.write(JSON.stringify(report));
