import { buildSnapshot, importFiles, loadSnapshot, openDataFolder } from '../../graph-data/index.ts';
import { timed } from './case.ts';

/** The output of a child process: the time of the task, and the peak memory of the whole process. */
export interface ChildReport {
  readonly seconds: number;
  readonly peakBytes: number;
  readonly result: unknown;
}

const [what, root = '', ...args] = process.argv.slice(2);
const folder = openDataFolder(root);
const [seconds, result] = await timed<unknown>(() => {
  if (what === 'import') return importFiles(folder, args);
  if (what === 'build') return buildSnapshot(folder, () => performance.now());
  return loadSnapshot(folder, args[0] ?? '').version;
});
const report: ChildReport = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024, result };
process.stdout.write(JSON.stringify(report));
