import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { type TuneReport, keepTuned } from '../../api/offline/tune-presets/index.ts';
import type { ContentBuildParams, LinearBuildParams, PruneOptions } from '../../engine/index.ts';
import type { DataFolder } from '../../graph-data/base/index.ts';
import {
  type BuildOptions,
  type BuildReport,
  type SavesInMemory,
  activateSnapshot,
  buildSnapshot,
  contentOfBuild,
  linearOfBuild,
  pinnedVersion,
} from '../../graph-data/snapshot/index.ts';
import { contentOption, linearOption } from './shared/build-param-options.ts';
import { UsageError, dataFolder, dataOption, decimal, jsonOption, newDataFolder } from './shared/options.ts';
import { type LakeFlags, lakeText, runLake, withLakeOptions } from './shared/lake-options.ts';
import { runTune, tuneSeconds } from './shared/run-tune.ts';
import { tuneText } from '../reports/text/tune-text.ts';
import { bytesText, print, printJson, stoppable, thousands } from '../output.ts';

interface BuildCommandOptions extends LakeFlags {
  data: string;
  activate?: boolean;
  force?: true;
  analysis?: boolean;
  pruneDelta?: number;
  pruneEntropy?: number;
  linear?: LinearBuildParams | false;
  content?: ContentBuildParams | false;
  tune?: number;
  json?: true;
}

export function buildCommand(): Command {
  return withLakeOptions(new Command('build'))
    .description('Build a snapshot of the database and activate it.')
    .addOption(dataOption())
    .option('--activate', 'activate the snapshot: servers switch to it (default)')
    .option('--no-activate', 'keep the active snapshot')
    .option(
      '--force',
      'activate it even if its recommendations differ too much from those of the active snapshot, or that one is pinned',
    )
    .option('--analysis', 'compute PageRank and communities (default up to 5 M saves)')
    .option('--no-analysis', 'skip them: seconds instead of minutes for large graphs')
    .option(
      '--prune-delta <n>',
      "keep ceil(d^n) of a pin's d boards, the closest in topic (Pixie paper: 0.91; default: all)",
      decimal(0, 1),
    )
    .option(
      '--prune-entropy <share>',
      'drop this share of the boards, those with the most mixed topics (default: none)',
      decimal(0, 0.99),
    )
    .addOption(
      linearOption('compute item weights, for linear and linearShare (default: as in the active snapshot)'),
    )
    .option('--no-linear', 'compute none')
    .addOption(
      contentOption('compare texts of pins, for pins with few saves (default: as in the active snapshot)'),
    )
    .option('--no-content', 'compare none')
    .addOption(
      new Option('--tune [seconds]', 'then choose levers of feed, ideas and related, as pinwalk tune does')
        .argParser(tuneSeconds)
        .preset('120'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Topics are the pin attribute "topics" (an array of numbers) if most pins have it, otherwise communities.
docs/pruning.md has the effect on recommendations.`,
    )
    .action(async (options: BuildCommandOptions) => {
      const folder = options.from === undefined ? dataFolder(options) : newDataFolder(options);
      const { analysis } = options;
      const linear = linearOfBuild(folder, options.linear === false ? null : options.linear);
      const content = contentOfBuild(folder, options.content === false ? null : options.content);
      if (options.tune !== undefined && options.activate === false)
        throw new UsageError('--tune is for the snapshot that is served: leave out --no-activate');
      if (options.tune !== undefined && pinnedVersion(folder) !== undefined && options.force !== true)
        throw new UsageError(
          '--tune is for the snapshot that is served, and another one is pinned: leave out --tune',
        );
      let saves: SavesInMemory | undefined;
      const lake = await runLake(folder, options, (kept) => (saves = kept));
      if (lake !== undefined && options.json !== true) for (const line of lakeText(lake)) print(line);
      const report = await runBuild(folder, {
        saves,
        analysis,
        linear,
        content,
        prune: pruneOptions(options),
      });
      const force = options.force === true;
      const activate = (): string => {
        if (options.activate === false) return 'Not activated.';
        const pinned = pinnedVersion(folder);
        if (pinned !== undefined && !force) {
          return `Not activated: ${pinned} is pinned. To serve this one: pinwalk snapshots activate ${report.version}`;
        }
        activateSnapshot(folder, report.version, { force, pin: false });
        return 'Activated.';
      };
      // Of the activated snapshot, as one that is refused is not served.
      const tune = async (): Promise<TuneReport | undefined> => {
        if (options.tune === undefined) return undefined;
        const threads = availableParallelism();
        const tuned = await runTune(folder, { seconds: options.tune, randomSeed: 1, threads });
        keepTuned(folder, tuned, report.version);
        return tuned;
      };
      if (options.json === true) {
        activate();
        printJson({ ...report, lake, tuned: await tune() });
        return;
      }
      print(
        `Built ${report.version}: ${thousands(report.pins)} pins, ${thousands(report.boards)} boards, ` +
          `${thousands(report.saves)} saves, ${bytesText(report.bytes)}, in ${report.seconds.toFixed(1)} s.`,
      );
      if (report.weights !== undefined) print(`${thousands(report.weights)} item weights for linear.`);
      if (report.contentLinks !== undefined) print(`${thousands(report.contentLinks)} links by content.`);
      if (report.pruning !== undefined) print(pruningText(report.pruning));
      print(activate());
      const tuned = await tune();
      if (tuned !== undefined) for (const line of ['', ...tuneText(tuned, true)]) print(line);
    });
}

/** Each option enables its own part of pruning. */
function pruneOptions({ pruneDelta, pruneEntropy }: BuildCommandOptions): PruneOptions | undefined {
  if (pruneDelta === undefined && pruneEntropy === undefined) return undefined;
  return { delta: pruneDelta ?? 1, entropyShareDropped: pruneEntropy ?? 0 };
}

function pruningText(pruning: NonNullable<BuildReport['pruning']>): string {
  const { topics, edgesBefore, edgesAfter, boardsDropped, pinsBared } = pruning;
  const share = ((100 * edgesAfter) / edgesBefore).toFixed(1);
  return (
    `Pruned by ${topics}: ${thousands(edgesAfter)} of ${thousands(edgesBefore)} saves kept (${share} %), ` +
    `${thousands(boardsDropped)} boards dropped, ${thousands(pinsBared)} pins without boards.`
  );
}

/** Steps whose progress counts pins. */
const ofPins: ReadonlySet<string> = new Set(['computing item weights', 'reading texts', 'comparing texts']);

export async function runBuild(
  folder: DataFolder,
  options: Pick<BuildOptions, 'saves' | 'analysis' | 'prune' | 'linear' | 'content'> = {},
): Promise<BuildReport> {
  return stoppable((signal, progress) =>
    buildSnapshot(folder, () => performance.now(), {
      ...options,
      signal,
      onProgress: ({ doing, done, total }) =>
        progress.report(doing, done / total, `${thousands(done)} ${ofPins.has(doing) ? 'pins' : 'saves'}`),
    }),
  );
}
