import { Command } from 'commander';
import type { PruneOptions } from '../../engine/index.ts';
import {
  type BuildReport,
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
} from '../../graph-data/index.ts';
import { dataFolder, dataOption, decimal, jsonOption } from './shared/options.ts';
import { Progress, bytesText, print, printJson, stoppable, thousands } from '../output.ts';

interface BuildCommandOptions {
  data: string;
  activate?: boolean;
  force?: true;
  analysis?: boolean;
  pruneDelta?: number;
  pruneEntropy?: number;
  json?: true;
}

export function buildCommand(): Command {
  return new Command('build')
    .description('Build a snapshot of the database and activate it.')
    .addOption(dataOption())
    .option('--activate', 'make it the snapshot that is served (default)')
    .option('--no-activate', 'leave the active snapshot as it is')
    .option('--force', 'activate it even when it recommends quite other things than the active one')
    .option('--analysis', 'compute PageRank and communities (default up to 5 M saves)')
    .option('--no-analysis', 'leave them out: a build of seconds instead of minutes for large graphs')
    .option(
      '--prune-delta <n>',
      "keep ceil(d^n) of a pin's d boards, those that fit its topics best (the paper: 0.91; default: all)",
      decimal(0, 1),
    )
    .option(
      '--prune-entropy <share>',
      'drop this share of the boards, those of the most mixed topics (default: none)',
      decimal(0, 0.99),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Pruning goes by the pins' attribute "topics", an array of numbers, where most pins have one, else by communities.
docs/pruning.md says what it does to recommendations.`,
    )
    .action(async (options: BuildCommandOptions) => {
      const folder = dataFolder(options);
      const report = await runBuild(folder, options.analysis, pruneOptions(options));
      const activate = (): void => {
        if (options.activate === false) return;
        activateSnapshot(folder, report.version, { force: options.force === true });
      };
      if (options.json === true) {
        activate();
        printJson(report);
        return;
      }
      print(
        `Built ${report.version}: ${thousands(report.pins)} pins, ${thousands(report.boards)} boards, ` +
          `${thousands(report.saves)} saves, ${bytesText(report.bytes)}, in ${report.seconds.toFixed(1)} s.`,
      );
      if (report.pruning !== undefined) print(pruningText(report.pruning));
      activate();
      print(options.activate === false ? 'Not activated.' : 'It is active.');
    });
}

/** Either option turns pruning on; the other part of it stays off unless given. */
function pruneOptions({ pruneDelta, pruneEntropy }: BuildCommandOptions): PruneOptions | undefined {
  if (pruneDelta === undefined && pruneEntropy === undefined) return undefined;
  return { delta: pruneDelta ?? 1, entropyShareDropped: pruneEntropy ?? 0 };
}

function pruningText(pruning: NonNullable<BuildReport['pruning']>): string {
  const { topics, edgesBefore, edgesAfter, boardsDropped, pinsBared } = pruning;
  const share = ((100 * edgesAfter) / edgesBefore).toFixed(1);
  return (
    `Pruned by ${topics}: ${thousands(edgesAfter)} of ${thousands(edgesBefore)} saves kept (${share} %), ` +
    `${thousands(boardsDropped)} boards dropped, ${thousands(pinsBared)} pins left without a board.`
  );
}

export async function runBuild(
  folder: DataFolder,
  analysis?: boolean,
  prune?: PruneOptions,
): Promise<BuildReport> {
  const progress = new Progress();
  try {
    return await stoppable((signal) =>
      buildSnapshot(folder, () => performance.now(), {
        signal,
        analysis,
        prune,
        onProgress: ({ doing, done, total }) =>
          progress.tell(doing, done / total, `${thousands(done)} saves`),
      }),
    );
  } finally {
    progress.stop();
  }
}
