import { Command } from 'commander';
import {
  type BuildReport,
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
} from '../../graph-data/index.ts';
import { dataFolder, dataOption, jsonOption } from '../options.ts';
import { Progress, bytesText, print, printJson, stoppable, thousands } from '../output.ts';

export function buildCommand(): Command {
  return new Command('build')
    .description('Build a snapshot of the database and activate it.')
    .addOption(dataOption())
    .option('--activate', 'make it the snapshot that is served (default)')
    .option('--no-activate', 'leave the active snapshot as it is')
    .addOption(jsonOption())
    .action(async (options: { data: string; activate?: boolean; json?: true }) => {
      const folder = dataFolder(options);
      const report = await runBuild(folder);
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

export async function runBuild(folder: DataFolder): Promise<BuildReport> {
  const progress = new Progress();
  try {
    return await stoppable((signal) =>
      buildSnapshot(folder, () => performance.now(), {
        signal,
        onProgress: ({ done, total }) => progress.tell('building', done / total, `${thousands(done)} saves`),
      }),
    );
  } finally {
    progress.stop();
  }
}
