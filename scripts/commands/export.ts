import { Command, Option } from 'commander';
import { type ExportChoice, exportChoices, exportTo } from '../../graph-data/export/index.ts';
import { dataFolder, dataOption, jsonOption } from './shared/options.ts';
import { print, printJson, stoppable, thousands } from '../output.ts';

interface ExportOptions {
  data: string;
  to: string;
  table?: ExportChoice;
  format?: string;
  force?: true;
  json?: true;
}

export function exportCommand(): Command {
  return new Command('export')
    .description(
      'Write users, boards, pins and saves, or interactions, as CSV, JSON lines or Parquet, for pinwalk import or other programs.',
    )
    .requiredOption(
      '--to <path>',
      'new folder for one file per table; or a file, such as saves.csv.gz or pins.parquet',
    )
    .addOption(dataOption())
    .addOption(
      new Option(
        '--table <name>',
        'only this table (default of a file: the one in its name, or saves)',
      ).choices(exportChoices),
    )
    .option('--format <ending>', 'of files in a folder: csv, jsonl (also with .gz or .zst) or parquet', 'csv')
    .option('--force', 'replace the file if it exists')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  pinwalk export --to exported --format parquet
  pinwalk export --to interactions.parquet
  pinwalk import exported/users.parquet exported/boards.parquet exported/pins.parquet exported/saves.parquet
More: docs/importing.md`,
    )
    .action(async (options: ExportOptions) => {
      const { to, table, format, force } = options;
      const files = await stoppable((signal, progress) =>
        exportTo(dataFolder(options), to, {
          table,
          format,
          force,
          signal,
          onProgress: ({ table: present, done, total }) =>
            progress.report(
              `writing ${present}`,
              total === 0 ? undefined : done / total,
              `${thousands(done)} rows`,
            ),
        }),
      );
      if (options.json === true) printJson({ files });
      else for (const each of files) print(`${each.file}: ${thousands(each.rows)} ${each.table}`);
    });
}
