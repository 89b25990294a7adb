import { Command } from 'commander';
import { type BackupProgress, backUp, restore } from '../../graph-data/backup/index.ts';
import { dataFolder, dataOption, jsonOption, namedFolder } from './shared/options.ts';
import { type Progress, bytesText, print, printJson, stoppable, thousands, warn } from '../output.ts';

interface BackupOptions {
  data: string;
  force?: true;
  json?: true;
}

export function backupCommand(): Command {
  return new Command('backup')
    .description(
      'Write the database, its API keys, the active snapshot and the presets to one file, while servers run.',
    )
    .argument('<file>', 'file to write, compressed if it ends with .gz or .zst; - for standard output')
    .addOption(dataOption())
    .option('--force', 'replace the file if it exists')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The file is a tar archive with a manifest. It contains personal data; rejects and downloads of the folder are not in it.
More: docs/operations.md`,
    )
    .action(async (file: string, options: BackupOptions, command: Command) => {
      const origin = { pinwalk: command.parent!.version()!, createdAt: new Date() };
      const report = await stoppable((signal, progress) =>
        backUp(dataFolder(options), file, origin, {
          force: options.force,
          signal,
          onProgress: (state) => reportProgress(progress, state),
        }),
      );
      if (report.note !== undefined) warn(report.note);
      if (file === '-') return;
      if (options.json === true) printJson(report);
      else {
        const { position, counts } = report.database;
        print(
          `Backed up ${thousands(counts.saves)} saves at position ${position}` +
            `${report.snapshot === null ? '' : ` and snapshot ${report.snapshot}`} to ${file}: ${bytesText(report.bytes)}.`,
        );
      }
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Restore a backup into an empty data folder, after verifying all of it.')
    .argument(
      '<file>',
      'file of pinwalk backup, - for standard input; or folder or address of pinwalk publish',
    )
    .addOption(dataOption())
    .option('--force', 'replace the data of a folder that is not empty, and that no server uses')
    .addOption(jsonOption())
    .action(async (file: string, options: BackupOptions) => {
      const report = await stoppable((signal, progress) =>
        restore(namedFolder(options), file, {
          force: options.force,
          signal,
          onProgress: (state) => reportProgress(progress, state),
        }),
      );
      if (report.note !== undefined) warn(report.note);
      if (options.json === true) printJson(report);
      else {
        const { counts, position } = report.database;
        print(
          `Restored ${thousands(counts.saves)} saves at position ${position}` +
            `${report.snapshot === null ? '' : ` and snapshot ${report.snapshot}`} into ${report.folder}.`,
        );
      }
    });
}

function reportProgress(progress: Progress, { doing, done, total }: BackupProgress): void {
  progress.report(doing, total === 0 ? undefined : done / total, thousands(done));
}
