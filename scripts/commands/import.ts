import { Command } from 'commander';
import {
  type DataFolder,
  type FileReport,
  type FileSource,
  type ImportProgress,
  type ImportReport,
  importFiles,
} from '../../graph-data/index.ts';
import { type FileFlags, fileOptions, withFileOptions } from './shared/file-options.ts';
import { dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { Progress, print, printJson, stoppable, thousands } from '../output.ts';

interface ImportCommandOptions extends FileFlags {
  data: string;
  json?: true;
  boardPrefix?: string;
  maxRejects?: number;
  dryRun?: true;
}

export function importCommand(): Command {
  return withFileOptions(new Command('import'))
    .description('Bring files of saves, or of attributes of users, boards and pins, into the database.')
    .argument('<files...>', 'CSV, TSV, JSON lines, each plain or gzip; Parquet')
    .addOption(dataOption())
    .option('--board-prefix <text>', 'put before each board key, where boards and users have the same keys')
    .option(
      '--max-rejects <n>',
      'import nothing if more rows than this are invalid (default: 90 % of a file)',
      integer(0),
    )
    .option('--dry-run', 'report what would happen and keep nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Columns, by header or --columns (also under names like userId, item_id, timestamp):
  saves     user, board, pin, savedAt, weight; with user and pin alone, each user has one board
  pins      pin, title, text, url, imageUrl, createdAt; any other column is an attribute
  boards    board, owner, title; any other column is an attribute
  users     user; any other column is an attribute
A file without a header and with two columns is read as user, pin. An invalid row goes to DIR/rejects with its line and
reason; the others are imported. All files are imported together or, if anything stops the import, none.
More: docs/importing.md`,
    )
    .action(async (files: string[], options: ImportCommandOptions) => {
      const report = await runImport(dataFolder(options), files, options);
      if (options.json === true) printJson(report);
      else printReport(report, options.dryRun === true);
    });
}

export async function runImport(
  folder: DataFolder,
  files: readonly (string | FileSource)[],
  options: ImportCommandOptions,
): Promise<ImportReport> {
  const progress = new Progress();
  try {
    return await stoppable((signal) =>
      importFiles(folder, files, {
        ...fileOptions(options),
        boardPrefix: options.boardPrefix,
        maxRejects: options.maxRejects,
        dryRun: options.dryRun,
        signal,
        onProgress: (state) => tellImport(progress, state),
      }),
    );
  } finally {
    progress.stop();
  }
}

export function tellImport(progress: Progress, state: ImportProgress): void {
  if (state.phase === 'indexing') progress.tell('indexing', 1, '');
  else {
    const share = state.bytesTotal === 0 ? undefined : state.bytesRead / state.bytesTotal;
    progress.tell(`reading ${state.file}`, share, `${thousands(state.rows)} rows`);
  }
}

export function printReport(report: ImportReport, isDryRun: boolean): void {
  for (const file of report.files) printFile(file);
  const { users, boards, pins, saves } = report.graph;
  const verb = isDryRun ? 'would then hold' : 'holds';
  print(
    `The database ${verb} ${thousands(users)} users, ${thousands(boards)} boards, ` +
      `${thousands(pins)} pins, ${thousands(saves)} saves.`,
  );
}

function printFile(file: FileReport): void {
  print(
    `${file.file} (${file.kind}): ${thousands(file.read)} read, ${thousands(file.new)} new, ` +
      `${thousands(file.duplicate)} duplicate, ${thousands(file.rejected)} rejected`,
  );
  if (file.leftOut !== undefined) {
    print(`  ${thousands(file.leftOut)} ${file.leftOut === 1 ? 'row' : 'rows'} left out`);
  }
  for (const note of file.notes) print(`  ${note}`);
  if (file.ignoredColumns.length > 0) print(`  columns not used: ${file.ignoredColumns.join(', ')}`);
  for (const { line, reason } of file.firstRejects) print(`  line ${line}: ${reason}`);
  if (file.rejectsFile !== undefined) print(`  all rejected rows: ${file.rejectsFile}`);
}
