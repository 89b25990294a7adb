import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { PinBoardGraph } from '../../engine/index.ts';
import { openDataFolder } from '../../graph-data/index.ts';
import { sampleSources, writeTsv } from '../commands/sample.ts';
import type { SampleName } from '../commands/shared/sample-names.ts';
import { newDataFolder, dataOption, jsonOption } from '../commands/shared/options.ts';
import { printJson } from '../output.ts';
import { type BenchCase, describeMachine, printTable } from './case.ts';
import { benchData } from './data.ts';
import { benchGraphology } from './graphology.ts';
import { benchKernel, benchQuery, syntheticGraph } from './kernel.ts';
import { compileNativeWalks } from './native/native-walks.ts';
import { benchReasons } from './reasons.ts';
import { resultsOption, writeResults } from './results.ts';
import { benchSearch } from './search.ts';

interface BenchOptions {
  data: string;
  small?: true;
  json?: true;
  results?: string;
}

/** Sizes of a real run, and of a smoke test. */
const full = {
  rounds: 11,
  loads: 5,
  searches: 1_000,
  largeGraphSaves: 50e6,
  file: { pins: 5e6, boards: 3e6, saves: 20e6 },
};
const small = {
  rounds: 1,
  loads: 1,
  searches: 20,
  largeGraphSaves: 100_000,
  file: { pins: 5_000, boards: 3_000, saves: 20_000 },
};

await new Command('bench')
  .description('Benchmark of kernel, search, import, build and load. Downloads the sample if missing.')
  .addOption(dataOption())
  .argument('[part]', '"graphology" runs only Louvain and PageRank, on the view and on a plain graph')
  .option('--small', 'tiny sizes and the synthetic sample, as a smoke test')
  .addOption(jsonOption())
  .addOption(resultsOption())
  .action(async (part: string | undefined, options: BenchOptions) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const cases = await runCases(options, temporary, part === 'graphology');
      const machine = describeMachine();
      writeResults(options.results, { machine, cases });
      if (options.json === true) printJson({ machine, cases });
      else printTable({ machine, cases });
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function runCases(
  options: BenchOptions,
  temporary: string,
  isGraphologyOnly: boolean,
): Promise<BenchCase[]> {
  const sizes = options.small === true ? small : full;
  const fileFrom = async (name: SampleName, sample: object): Promise<string> => {
    const { signal } = new AbortController();
    const file = path.join(temporary, `${name}.tsv`);
    await writeTsv(file, await sampleSources(newDataFolder(options), name, sample, signal), signal);
    return file;
  };
  const cases: BenchCase[] = [];
  logProgress('sample');
  const sampleFile = await fileFrom(options.small === true ? 'synthetic' : 'npm', small.file);
  const sampleFolder = path.join(temporary, 'sample');
  const sample = await benchData('sample', openDataFolder(sampleFolder), sampleFile, sizes.loads);
  const { graph } = sample.snapshot;
  if (isGraphologyOnly) return benchGraphology(sampleFolder, sample.snapshot.version);
  const executable = compileNativeWalks(temporary);
  if (executable === undefined) logProgress('no C++ compiler: no comparison with native walks');
  const kernel = (size: string, walked: PinBoardGraph): Promise<BenchCase> =>
    benchKernel(`kernel/${size}`, walked, sizes.rounds, executable, temporary);
  cases.push(
    await kernel('sample', graph),
    benchQuery('query-100k/sample', graph, sizes.rounds),
    benchReasons('reasons/sample', graph, sizes.rounds),
    ...(await benchSearch('sample', openDataFolder(sampleFolder), sample.snapshot, sizes)),
  );
  cases.push(...sample.cases);
  logProgress('50 M saves in memory');
  cases.push(await kernel('50M', syntheticGraph(sizes.largeGraphSaves)));
  logProgress('20 M saves from file to query');
  const largeFile = await fileFrom('synthetic', sizes.file);
  const largeFolder = openDataFolder(path.join(temporary, 'large'));
  const large = await benchData('20M', largeFolder, largeFile, sizes.loads);
  cases.push(
    ...large.cases,
    benchQuery('query-100k/20M', large.snapshot.graph, sizes.rounds),
    ...(await benchSearch('20M', largeFolder, large.snapshot, sizes)),
  );
  return cases;
}

function logProgress(what: string): void {
  process.stderr.write(`bench: ${what} …\n`);
}
