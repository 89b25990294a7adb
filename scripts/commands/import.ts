import { Command, Option } from 'commander';
import {
  type DataFolder,
  type FileFormat,
  type FileReport,
  type FileSource,
  type ImportProgress,
  type ImportReport,
  fileFormats,
  importFiles,
} from '../../graph-data/index.ts';
import { dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { Progress, print, printJson, stoppable, thousands } from '../output.ts';

interface ImportCommandOptions {
  data: string;
  json?: true;
  format?: FileFormat;
  columns?: string;
  header?: boolean;
  maxRejects?: number;
  dryRun?: true;
}

export function importCommand(): Command {
  return new Command('import')
    .description('Bring files of saves, or of attributes of users, boards and pins, into the database.')
    .argument('<files...>', 'CSV, TSV, JSON lines, each plain or gzip; Parquet')
    .addOption(dataOption())
    .addOption(new Option('--format <format>', 'when the file name does not tell').choices(fileFormats))
    .option('--columns <names>', 'column names in their order, "-" for one to skip: user,board,pin,savedAt')
    .option('--header', 'the first line is a header (told from its names when neither is given)')
    .option('--no-header', 'the first line is a row')
    .option('--max-rejects <n>', 'keep nothing when more rows than this are faulty', integer(0))
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
A file without a header and with two columns is read as user, pin. Times are ISO 8601 or Unix seconds or
milliseconds. A faulty row goes to DIR/rejects with its line and reason; the others are imported. JSON is one object a line.
All files are imported together or, when anything stops the import, not at all.`,
    )
    .action(async (files: string[], options: ImportCommandOptions) => {
      const report = await runImport(dataFolder(options), files, options);
      if (options.json === true) printJson(report);
      else printReport(report, options.dryRun === true);
      failWhenUseless(report);
    });
}

/** A file of which no row could be used is a failure, whatever else came in. */
export function failWhenUseless({ files }: ImportReport): void {
  for (const { file, read, rejected } of files) {
    if (read === 0 || rejected < read) continue;
    process.stderr.write(`pinwalk: no row of ${file} could be used\n`);
    process.exitCode = 1;
  }
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
        ...options,
        columns: options.columns?.split(',').map((name) => name.trim()),
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
  if (file.ignoredColumns.length > 0) print(`  columns not used: ${file.ignoredColumns.join(', ')}`);
  for (const { line, reason } of file.firstRejects) print(`  line ${line}: ${reason}`);
  if (file.rejectsFile !== undefined) print(`  all rejected rows: ${file.rejectsFile}`);
}
