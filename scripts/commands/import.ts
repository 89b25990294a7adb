import { Command } from 'commander';
import type { DataFolder } from '../../graph-data/base/index.ts';
import { importPictures, importVectors, nameLanguages } from '../../graph-data/content/importers/index.ts';
import {
  type FileReport,
  type FileSource,
  type ImportProgress,
  type ImportReport,
  importFiles,
} from '../../graph-data/import/index.ts';
import { importInteractions } from '../../graph-data/interactions/index.ts';
import { type DatabaseQueries, databaseOf, withQueries } from './shared/database-queries.ts';
import { type FileFlags, fileOptions, withFileOptions } from './shared/file-options.ts';
import { UsageError, newDataFolder, dataOption, integer, jsonOption, repeated } from './shared/options.ts';
import { type Progress, print, printJson, stoppable, thousands } from '../output.ts';

interface ImportCommandOptions extends FileFlags {
  data: string;
  json?: true;
  boardPrefix?: string;
  maxRejects?: number;
  query?: string[];
  dryRun?: true;
  interactions?: true;
  set?: string[];
  visitorPerRow?: true;
  vectors?: string;
  model?: string;
  keys?: string;
  replace?: true;
  pictures?: true;
  languages?: true;
}

export function importCommand(): Command {
  return withFileOptions(new Command('import'))
    .description('Import files of saves, or of attributes of users, boards and pins, into the database.')
    .argument(
      '[files...]',
      'tables, JSON, Parquet; compressed, in a zip archive, or - for standard input; a database (postgres://…)',
    )
    .addOption(dataOption())
    .option('--board-prefix <text>', 'prefix for all board keys, if boards and users have the same keys')
    .option(
      '--max-rejects <n>',
      'import nothing if more rows than this are invalid (default: 90 % of a file)',
      integer(0),
    )
    .option(
      '--query <sql>',
      'of postgres://…: the rows, with columns named as below; repeat it for others',
      repeated(String),
    )
    .option('--interactions', 'the files are logs of impressions and actions (docs/interactions.md)')
    .option(
      '--set <field=value>',
      'of --interactions: a field that is the same in all rows, such as surface=e-mail; repeat it for others',
      repeated(String),
    )
    .option('--visitor-per-row', 'of --interactions: a log without users has a visitor in each row')
    .option('--vectors <name>', 'the files are vectors of pins, of this name (docs/content.md)')
    .option('--model <text>', 'of --vectors: the model that made them')
    .option('--keys <file>', 'of --vectors: keys of the pins, one a line, for .npy files')
    .option('--replace', 'of --vectors: remove all vectors of this name first')
    .option('--pictures', 'the files are folders of pictures, named by their pins: KEY.jpg (docs/content.md)')
    .option('--languages', 'then name the language of each pin that has a title or a text (docs/content.md)')
    .option('--dry-run', 'report what would happen, import nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Columns, named by the header or --columns (names such as userId, item_id, timestamp work too):
  saves     user, board, pin, savedAt, weight; without board, each user has one board
  pins      pin, title, text, url, imageUrl, createdAt; any other column is an attribute
  boards    board, owner, title; any other column is an attribute
  users     user; any other column is an attribute
A file of two columns without a header is read as user, pin. Invalid rows go to DIR/rejects with line and reason; the
others are imported. All files are imported in one transaction: all of them, or none.
More: docs/importing.md`,
    )
    .action(async (files: string[], options: ImportCommandOptions) => {
      const database = databaseOf(files, options.query, options);
      if (database !== undefined) assertPlain(options);
      if (options.languages === true) return importThenName(files, options, database);
      if (files.length === 0) throw new UsageError('name the files to import');
      if (options.interactions === true) return importLogs(files, options);
      if (options.pictures === true) return importPictureFolders(files, options);
      if (options.vectors !== undefined) return importVectorFiles(files, options, options.vectors);
      if (options.model !== undefined || options.keys !== undefined || options.replace === true)
        throw new UsageError('--model, --keys and --replace are for --vectors');
      if (options.set !== undefined || options.visitorPerRow === true)
        throw new UsageError('--set and --visitor-per-row are for --interactions');
      const report = await importAll(files, options, database);
      if (options.json === true) printJson(report);
      else printReport(report, options.dryRun === true);
      return undefined;
    });
}

/** Imports saves and attributes, if there are files, then names languages. */
async function importThenName(
  files: readonly string[],
  options: ImportCommandOptions,
  database: DatabaseQueries | undefined,
): Promise<void> {
  const { interactions, vectors, pictures, dryRun } = options;
  if ([interactions, vectors, pictures, dryRun].some((given) => given !== undefined))
    throw new UsageError('--interactions, --vectors, --pictures and --dry-run are not for --languages');
  const imported = files.length === 0 ? undefined : await importAll(files, options, database);
  const languages = await stoppable(async (signal) => nameLanguages(newDataFolder(options), signal));
  if (options.json === true) return printJson({ ...imported, languages });
  if (imported !== undefined) printReport(imported, false);
  print(
    `${thousands(languages.named)} pins got a language, ${thousands(languages.unknown)} say too little for one`,
  );
}

function assertPlain({ interactions, pictures, vectors }: ImportCommandOptions): void {
  const other = Object.entries({ interactions, pictures, vectors }).find(([, value]) => value !== undefined);
  if (other !== undefined) throw new UsageError(`--${other[0]} reads files, not a database`);
}

async function importVectorFiles(
  files: readonly string[],
  options: ImportCommandOptions,
  name: string,
): Promise<void> {
  const { model, keys, replace } = options;
  if (model === undefined)
    throw new UsageError('--vectors needs --model: vectors of two models never share a name');
  if (options.dryRun === true || options.maxRejects !== undefined || options.boardPrefix !== undefined)
    throw new UsageError('--dry-run, --max-rejects and --board-prefix are not for --vectors');
  const report = await stoppable((signal, progress) =>
    importVectors(newDataFolder(options), files, {
      ...fileOptions(options),
      name,
      model,
      keys,
      replace,
      signal,
      onProgress: (rows) => progress.report('reading vectors', undefined, `${thousands(rows)} rows`),
    }),
  );
  if (options.json === true) printJson(report);
  else {
    const { read, stored, rejected, firstRejects } = report;
    print(`${thousands(read)} read, ${thousands(stored)} stored as ${name}, ${thousands(rejected)} rejected`);
    for (const { row, reason } of firstRejects) print(`  row ${row}: ${reason}`);
  }
}

async function importPictureFolders(
  folders: readonly string[],
  options: ImportCommandOptions,
): Promise<void> {
  const { dryRun, maxRejects, boardPrefix, vectors } = options;
  if ([dryRun, maxRejects, boardPrefix, vectors].some((given) => given !== undefined))
    throw new UsageError('--dry-run, --max-rejects, --board-prefix and --vectors are not for --pictures');
  const report = await stoppable((signal, progress) =>
    importPictures(newDataFolder(options), folders, {
      signal,
      onProgress: (files) => progress.report('reading pictures', undefined, `${thousands(files)} files`),
    }),
  );
  if (options.json === true) printJson(report);
  else {
    const { read, rejected, alike, groups, firstRejects } = report;
    print(
      `${thousands(read)} read, ${thousands(rejected)} rejected; ${thousands(alike)} pins have nearly the same picture as ` +
        `others, in ${thousands(groups)} groups`,
    );
    for (const { file, reason } of firstRejects) print(`  ${file}: ${reason}`);
  }
}

async function importLogs(files: readonly string[], options: ImportCommandOptions): Promise<void> {
  const taken = { boardPrefix: 'board-prefix', maxRejects: 'max-rejects', dryRun: 'dry-run' } as const;
  for (const [name, flag] of Object.entries(taken)) {
    if (options[name as keyof typeof taken] !== undefined)
      throw new UsageError(`--${flag} is not for --interactions`);
  }
  const reports = await stoppable((signal, progress) =>
    importInteractions(newDataFolder(options), files, Date.now(), {
      ...fileOptions(options),
      constants: constantsOf(options.set ?? []),
      isVisitorPerRow: options.visitorPerRow,
      signal,
      onProgress: (state) => reportProgress(progress, state),
    }),
  );
  if (options.json === true) printJson({ files: reports });
  else for (const report of reports) printFile(report);
}

function constantsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, field, value] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
      if (field === undefined || value === undefined) throw new UsageError(`--set ${pair}: give field=value`);
      return [field, value];
    }),
  );
}

async function importAll(
  files: readonly string[],
  options: ImportCommandOptions,
  database: DatabaseQueries | undefined,
): Promise<ImportReport> {
  if (database === undefined) return runImport(newDataFolder(options), files, options);
  // A database that cannot be read leaves no folder.
  return stoppable((signal, progress) =>
    withQueries(files, database, signal, (sources) =>
      importSources(newDataFolder(options), sources, options, signal, progress),
    ),
  );
}

export async function runImport(
  folder: DataFolder,
  files: readonly (string | FileSource)[],
  options: ImportCommandOptions,
): Promise<ImportReport> {
  return stoppable((signal, progress) => importSources(folder, files, options, signal, progress));
}

function importSources(
  folder: DataFolder,
  files: readonly (string | FileSource)[],
  options: ImportCommandOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<ImportReport> {
  return importFiles(folder, files, {
    ...fileOptions(options),
    boardPrefix: options.boardPrefix,
    maxRejects: options.maxRejects,
    dryRun: options.dryRun,
    signal,
    onProgress: (state) => reportProgress(progress, state),
  });
}

export function reportProgress(progress: Progress, state: ImportProgress): void {
  if (state.phase === 'indexing') progress.report('indexing', 1, '');
  else {
    const share = state.bytesTotal === 0 ? undefined : state.bytesRead / state.bytesTotal;
    progress.report(`reading ${state.file}`, share, `${thousands(state.rows)} rows`);
  }
}

export function printReport(report: ImportReport, isDryRun: boolean): void {
  for (const file of report.files) printFile(file);
  printCounts(report, isDryRun ? 'would hold' : 'holds');
}

/** Prints the counts of the database after an import. */
export function printCounts({ graph: { users, boards, pins, saves } }: ImportReport, verb = 'holds'): void {
  print(
    `The database ${verb} ${counted(users, 'user')}, ${counted(boards, 'board')}, ` +
      `${counted(pins, 'pin')}, ${counted(saves, 'save')}.`,
  );
}

function printFile(file: FileReport): void {
  print(
    `${file.file} (${file.kind}): ${thousands(file.read)} read, ${thousands(file.new)} new, ` +
      `${thousands(file.duplicate)} duplicate, ${thousands(file.rejected)} rejected`,
  );
  if (file.leftOut !== undefined) {
    print(`  ${counted(file.leftOut, 'row')} left out`);
  }
  for (const note of file.notes) print(`  ${note}`);
  if (file.ignoredColumns.length > 0) print(`  columns not used: ${file.ignoredColumns.join(', ')}`);
  for (const { line, reason } of file.firstRejects) print(`  line ${line}: ${reason}`);
  if (file.rejectsFile !== undefined) print(`  all rejected rows: ${file.rejectsFile}`);
}

/** 1, "pin" -> "1 pin"; 1234, "pin" -> "1,234 pins". */
function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}
