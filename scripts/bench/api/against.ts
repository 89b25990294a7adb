import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { meanOf, percentileInterval, resampledMeans } from '../../../engine/index.ts';
import { openDataFolder } from '../../../graph-data/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { measureOverhead } from './overhead.ts';
import { relatedPaths } from './related-paths.ts';
import { copyDownloads } from './sample-folder.ts';
import { runCommandOf, startServer } from './server-process.ts';

interface Options {
  readonly before: string;
  readonly data?: string;
  readonly sample: string;
  readonly pairs: number;
  readonly requests: number;
}

const root = path.join(import.meta.dirname, '../../..');
const resamples = 2_000;

await new Command('bench:against')
  .description(
    'Requests for related pins against an earlier state of the project, in turn: processor time, times, sizes.',
  )
  .requiredOption('--before <dir>', 'checkout of the earlier state, after npm ci')
  .option('--data <dir>', 'data folder whose downloaded sample is reused')
  .option('--sample <name>', 'npm or synthetic', 'npm')
  .option('--pairs <n>', 'pairs of runs', integer(2), 10)
  .option('--requests <n>', 'requests of a run, one at a time', integer(10), 2_000)
  .action(async (options: Options) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      await measure(temporary, options);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function measure(temporary: string, { before, data, sample, pairs, requests }: Options): Promise<void> {
  const trees = [before, root].map((tree, i) => ({ tree, folder: path.join(temporary, `data-${i}`) }));
  for (const { tree, folder } of trees) {
    copyDownloads(data, openDataFolder(folder));
    await runCommandOf(tree, 'sample', sample, '--data', folder);
    await runCommandOf(tree, 'build', '--data', folder);
  }
  const nextPaths = relatedPaths(trees[1]!.folder);
  const servers: Awaited<ReturnType<typeof startServer>>[] = [];
  try {
    for (const { tree, folder } of trees) servers.push(await startServer(folder, [], { root: tree }));
    const run = async ({
      port,
      cpuMs,
    }: (typeof servers)[number]): Promise<{ cpu: number; total: number }> => {
      const start = cpuMs();
      const { totalMs } = await measureOverhead(port, nextPaths, requests, () => performance.now());
      return { cpu: (cpuMs() - start) / requests, total: totalMs };
    };
    for (const server of servers) await run(server);
    const ratios = { cpu: new Float64Array(pairs), total: new Float64Array(pairs) };
    print(
      `${describeMachine()}\n\npair: milliseconds of processor time a request, before and now; median time`,
    );
    for (let pair = 0; pair < pairs; pair++) {
      // In turn: the second of two runs meets a different state of the machine.
      const order = pair % 2 === 0 ? [0, 1] : [1, 0];
      const results: Awaited<ReturnType<typeof run>>[] = [];
      for (const i of order) results[i] = await run(servers[i]!);
      const [was, is] = results as [(typeof results)[number], (typeof results)[number]];
      ratios.cpu[pair] = Math.log(is.cpu / was.cpu);
      ratios.total[pair] = Math.log(is.total / was.total);
      print(
        `${pair + 1}: ${was.cpu.toFixed(3)} ${is.cpu.toFixed(3)}; ${was.total.toFixed(3)} ${is.total.toFixed(3)}`,
      );
    }
    print(`\nprocessor time, now / before: ${ratioText(ratios.cpu)}`);
    print(`median time, now / before: ${ratioText(ratios.total)}`);
    print(`snapshot, MB: ${megabytes(trees.map(({ folder }) => snapshotBytes(folder)))}`);
    print(`resident memory, MB: ${megabytes(servers.map(({ residentBytes }) => residentBytes()))}`);
  } finally {
    for (const server of servers) await server.stop();
  }
}

function megabytes(bytes: readonly number[]): string {
  return bytes.map((each) => (each / 1e6).toFixed(1)).join(' and ');
}

/** The geometric mean of ratios with its 95 % interval, by bootstrap over pairs. */
function ratioText(logs: Float64Array): string {
  const { low, high } = percentileInterval(resampledMeans([logs], resamples, 1)[0]!, 0.95);
  const [mean, ...ends] = [meanOf(logs), low, high].map((log) => Math.exp(log).toFixed(3));
  return `${mean} [${ends.join(', ')}]`;
}

function snapshotBytes(folder: string): number {
  const { snapshots } = openDataFolder(folder);
  const files = readdirSync(snapshots).map((name) => statSync(path.join(snapshots, name)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}
