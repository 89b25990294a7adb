import { Command } from 'commander';
import {
  type BuildReport,
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
} from '../../graph-data/index.ts';
import { dataFolder, dataOption, jsonOption } from '../options.ts';
import { Progress, bytesText, print, printJson, stoppable, thousands } from '../output.ts';

interface BuildCommandOptions {
  data: string;
  activate?: boolean;
  analysis?: boolean;
  json?: true;
}

export function buildCommand(): Command {
  return new Command('build')
    .description('Build a snapshot of the database and activate it.')
    .addOption(dataOption())
    .option('--activate', 'make it the snapshot that is served (default)')
    .option('--no-activate', 'leave the active snapshot as it is')
    .option('--analysis', 'compute PageRank and communities (default up to 5 M saves)')
    .option('--no-analysis', 'leave them out: a build of seconds instead of minutes for large graphs')
    .addOption(jsonOption())
    .action(async (options: BuildCommandOptions) => {
      const folder = dataFolder(options);
      const report = await runBuild(folder, options.analysis);
      if (options.activate !== false) activateSnapshot(folder, report.version);
      if (options.json === true) {
        printJson(report);
        return;
      }
      print(
        `Built ${report.version}: ${thousands(report.pins)} pins, ${thousands(report.boards)} boards, ` +
          `${thousands(report.saves)} saves, ${bytesText(report.bytes)}, in ${report.seconds.toFixed(1)} s.`,
      );
      print(options.activate === false ? 'Not activated.' : 'It is active.');
    });
}

export async function runBuild(folder: DataFolder, analysis?: boolean): Promise<BuildReport> {
  const progress = new Progress();
  try {
    return await stoppable((signal) =>
      buildSnapshot(folder, () => performance.now(), {
        signal,
        analysis,
        onProgress: ({ doing, done, total }) =>
          progress.tell(doing, done / total, `${thousands(done)} saves`),
      }),
    );
  } finally {
    progress.stop();
  }
}
