import path from 'node:path';
import { Command, Option } from 'commander';
import {
  type DatasetKind,
  type FoundDataset,
  type ImportReport,
  datasetForms,
  datasetKinds,
  fetchNpmSample,
  findDataset,
  minRatingDefault,
  npmSampleSources,
} from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, decimal, integer, jsonOption } from './shared/options.ts';
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
  becomes: 'two boards a package: what it depends on (npm, January 2017)',
};
const forms: readonly (readonly [string, { readonly files: string; readonly becomes: string }])[] = [
  ['npm', npm],
  ...Object.entries(datasetForms).map(([name, { files, becomes }]) => [name, { files, becomes }] as const),
];
const names = forms.map(([name]) => name);

export function datasetCommand(): Command {
  return new Command('dataset')
    .description('Bring in a data set in the form in which it is published (docs/datasets.md).')
    .addCommand(listCommand())
    .addCommand(datasetImportCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('The forms that are known, their files, and what becomes of them.')
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
    .description('Import a data set, all of it or nothing.')
    .argument('<name>', `${names.join(', ')}; or a folder, whose files tell`)
    .argument('[folder]', 'folder with the files, which you have already')
    .addOption(dataOption())
    .addOption(
      new Option('--kind <name>', 'what the folder is, when its files do not tell').choices(datasetKinds),
    )
    .option(
      '--min-rating <r>',
      `movielens: ratings from here on are saves (default: ${minRatingDefault})`,
      decimal(0, 100),
    )
    .option('--no-tags', 'movielens: make no boards of tags')
    .option('--held-out', 'lightgcn, split: bring in the test and validation parts too')
    .option('--columns <names>', 'split, tables: column names in their order')
    .option('--max-rejects <n>', 'keep nothing when more rows than this are faulty', integer(0))
    .option('--dry-run', 'report what would happen and keep nothing')
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
    throw new UsageError(`npm is fetched whole: it takes no ${flagOf(misplaced[0])}`);
  const data = dataFolder(options);
  const report = await importSample(data, async (signal) =>
    npmSampleSources(await fetchNpmSample(data, signal)),
  );
  tell(report, options);
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
  if (options.json !== true) tellFound(folder, found, options);
  const report = await runImport(dataFolder(options), found.sources, options);
  tell(report, options, found);
}

function whichFolder(
  name: string,
  folder: string | undefined,
  kind: DatasetKind | undefined,
): { readonly folder: string; readonly kind: DatasetKind | undefined } {
  const named = datasetKinds.find((each) => each === name);
  if (named === undefined && folder === undefined) return { folder: name, kind };
  if (named === undefined) {
    throw new UsageError(`there is no data set "${name}"; there are ${names.join(', ')}`);
  }
  if (folder === undefined) {
    throw new UsageError(`${name} comes from files that you have: pinwalk dataset import ${name} FOLDER`);
  }
  if (kind !== undefined && kind !== named)
    throw new UsageError(`it is ${named} or --kind ${kind}, not both`);
  return { folder, kind: named };
}

/** An option that would do nothing is a mistake. */
function assertFits(kind: DatasetKind, { minRating, tags, heldOut, columns }: DatasetImportOptions): void {
  const fits: readonly [string, boolean, readonly DatasetKind[]][] = [
    ['--min-rating', minRating !== undefined, ['movielens']],
    ['--no-tags', !tags, ['movielens']],
    ['--held-out', heldOut === true, ['lightgcn', 'split']],
    ['--columns', columns !== undefined, ['split', 'tables']],
  ];
  for (const [flag, isGiven, kinds] of fits) {
    if (isGiven && !kinds.includes(kind)) {
      throw new UsageError(`${flag} is for ${kinds.join(' and ')}; this is ${kind}`);
    }
  }
}

function flagOf(option: string): string {
  if (option === 'folder') return 'folder';
  if (option === 'tags') return '--no-tags';
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function tellFound(
  folder: string,
  { kind, files, unused }: FoundDataset,
  options: DatasetImportOptions,
): void {
  print(`${folder} is ${kind}: ${files.map((file) => path.basename(file)).join(', ')}`);
  if (unused.length > 0) print(`  not used: ${unused.join(', ')}`);
  if (unused.some((name) => /test|valid/i.test(name)) && (kind === 'lightgcn' || kind === 'split')) {
    print('  what is held out stays out, to be evaluated with; --held-out brings it in');
  }
  if (kind === 'movielens') print(`  ratings from ${options.minRating ?? minRatingDefault} on are saves`);
}

function tell(report: ImportReport, options: DatasetImportOptions, found?: FoundDataset): void {
  if (options.json !== true) printReport(report, options.dryRun === true);
  else {
    const { kind = 'npm', unused = [] } = found ?? {};
    printJson({ kind, unused, ...report });
  }
}
