import path from 'node:path';
import { Command, Option } from 'commander';
import {
  type DatasetKind,
  type FoundDataset,
  datasetForms,
  datasetKinds,
  findDataset,
  minRatingDefault,
} from '../../graph-data/datasets/index.ts';
import type { ImportReport } from '../../graph-data/import/index.ts';
import { fetchNpmSample, npmSampleSources } from '../../graph-data/samples/index.ts';
import { UsageError, newDataFolder, dataOption, decimal, integer, jsonOption } from './shared/options.ts';
import { print, printJson } from '../output.ts';
import { printReport, runImport } from './import.ts';
import { importSample } from './sample.ts';

interface DatasetImportOptions {
  data: string;
  kind?: DatasetKind;
  minRating?: number;
  tags: boolean;
  heldOut?: true;
  columns?: string;
  maxRejects?: number;
  dryRun?: true;
  json?: true;
}

const npm = {
  files: 'fetched from the npm registry, 17 MB',
  becomes: 'two boards per package: its dependencies and development dependencies (npm, January 2017)',
};
const forms: readonly (readonly [string, { readonly files: string; readonly becomes: string }])[] = [
  ['npm', npm],
  ...Object.entries(datasetForms).map(([name, { files, becomes }]) => [name, { files, becomes }] as const),
];
const names = forms.map(([name]) => name);

export function datasetCommand(): Command {
  return new Command('dataset')
    .description('Import data sets in their published forms (docs/datasets.md).')
    .addCommand(listCommand())
    .addCommand(datasetImportCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('List the supported forms, their files, and the resulting graph.')
    .addOption(jsonOption())
    .action((options: { json?: true }) => {
      if (options.json === true) printJson({ datasets: forms.map(([name, form]) => ({ name, ...form })) });
      else {
        for (const [name, { files, becomes }] of forms) {
          print(`${name.padEnd(11)}${files}`);
          print(`${' '.repeat(11)}→ ${becomes}`);
        }
      }
    });
}

function datasetImportCommand(): Command {
  return new Command('import')
    .description('Import a data set: all of it, or nothing.')
    .argument('<name>', `${names.join(', ')}; or a folder, whose form is detected`)
    .argument('[folder]', 'folder with the downloaded files')
    .addOption(dataOption())
    .addOption(
      new Option('--kind <name>', 'form of the folder, if it cannot be detected').choices(datasetKinds),
    )
    .option(
      '--min-rating <r>',
      `movielens: minimum rating of a save (default: ${minRatingDefault})`,
      decimal(0, 100),
    )
    .option('--no-tags', 'movielens: do not make boards from tags')
    .option('--held-out', 'lightgcn, split: import the test and validation parts too')
    .option('--columns <names>', 'split, tables: column names in order')
    .option('--max-rejects <n>', 'import nothing if more rows than this are invalid', integer(0))
    .option('--dry-run', 'report what would happen, import nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  pinwalk dataset import npm
  pinwalk dataset import ml-latest-small --data movies
  pinwalk dataset import split gowalla --data gowalla`,
    )
    .action(async (name: string, folder: string | undefined, options: DatasetImportOptions) => {
      if (name === 'npm') await importNpm(folder, options);
      else await importFolder(name, folder, options);
    });
}

async function importNpm(folder: string | undefined, options: DatasetImportOptions): Promise<void> {
  const given = Object.entries({ ...options, tags: options.tags ? undefined : false, folder });
  const misplaced = given.find(([name, value]) => value !== undefined && name !== 'data' && name !== 'json');
  if (misplaced !== undefined)
    throw new UsageError(`${flagOf(misplaced[0])} does not apply to npm, which is fetched as a whole`);
  const data = newDataFolder(options);
  const report = await importSample(data, async (signal) =>
    npmSampleSources(await fetchNpmSample(data, signal)),
  );
  printResult(report, options);
}

async function importFolder(
  name: string,
  given: string | undefined,
  options: DatasetImportOptions,
): Promise<void> {
  const { folder, kind } = whichFolder(name, given, options.kind);
  const { minRating, tags, heldOut } = options;
  const found = await findDataset(folder, { kind, minRating, tags, heldOut });
  assertFits(found.kind, options);
  if (options.json !== true) printFound(folder, found, options);
  const report = await runImport(newDataFolder(options), found.sources, options);
  printResult(report, options, found);
}

function whichFolder(
  name: string,
  folder: string | undefined,
  kind: DatasetKind | undefined,
): { readonly folder: string; readonly kind: DatasetKind | undefined } {
  const named = datasetKinds.find((each) => each === name);
  if (named === undefined && folder === undefined) return { folder: name, kind };
  if (named === undefined) {
    throw new UsageError(`there is no data set "${name}"; the data sets are ${names.join(', ')}`);
  }
  if (folder === undefined) {
    throw new UsageError(`${name} needs the folder of its files: pinwalk dataset import ${name} FOLDER`);
  }
  if (kind !== undefined && kind !== named)
    throw new UsageError(`${named} conflicts with --kind ${kind}: use one of the two`);
  return { folder, kind: named };
}

/** Throws a `UsageError` for an option without effect on this form. */
function assertFits(kind: DatasetKind, { minRating, tags, heldOut, columns }: DatasetImportOptions): void {
  const fits: readonly [string, boolean, readonly DatasetKind[]][] = [
    ['--min-rating', minRating !== undefined, ['movielens']],
    ['--no-tags', !tags, ['movielens']],
    ['--held-out', heldOut === true, ['lightgcn', 'split']],
    ['--columns', columns !== undefined, ['split', 'tables']],
  ];
  for (const [flag, isGiven, kinds] of fits) {
    if (isGiven && !kinds.includes(kind)) {
      throw new UsageError(`${flag} applies to ${kinds.join(' and ')}; this is ${kind}`);
    }
  }
}

function flagOf(option: string): string {
  if (option === 'folder') return 'folder';
  if (option === 'tags') return '--no-tags';
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function printFound(
  folder: string,
  { kind, files, unused }: FoundDataset,
  options: DatasetImportOptions,
): void {
  print(`${folder} is ${kind}: ${files.map((file) => path.basename(file)).join(', ')}`);
  if (unused.length > 0) print(`  not used: ${unused.join(', ')}`);
  if (unused.some((name) => /test|valid/i.test(name)) && (kind === 'lightgcn' || kind === 'split')) {
    print(
      '  held-out parts are not imported, so that they can serve for evaluation; --held-out imports them',
    );
  }
  if (kind === 'movielens') print(`  ratings of at least ${options.minRating ?? minRatingDefault} are saves`);
}

function printResult(report: ImportReport, options: DatasetImportOptions, found?: FoundDataset): void {
  if (options.json !== true) printReport(report, options.dryRun === true);
  else {
    const { kind = 'npm', unused = [] } = found ?? {};
    printJson({ kind, unused, ...report });
  }
}
