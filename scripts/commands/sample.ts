import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { PassThrough } from 'node:stream';
import { Argument, Command } from 'commander';
import { type DataFolder, stoppedError, streamFileDurably, writeFully } from '../../graph-data/base/index.ts';
import { type ImportReport, type RowSource, importRows } from '../../graph-data/import/index.ts';
import {
  fetchNpmSample,
  npmSampleSources,
  syntheticDefaults,
  syntheticRows,
} from '../../graph-data/samples/index.ts';
import { newDataFolder, dataOption, decimal, integer, jsonOption } from './shared/options.ts';
import { type SampleName, sampleNames } from './shared/sample-names.ts';
import { printJson, stoppable } from '../output.ts';
import { printCounts, reportProgress } from './import.ts';

interface SampleOptions {
  data: string;
  pins: number;
  boards: number;
  saves: number;
  users?: number;
  topics?: number;
  noise?: number;
  randomSeed?: number;
  output?: string;
  json?: true;
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('Import a sample graph: the npm dependency graph of January 2017, or a synthetic one.')
    .addArgument(new Argument('<name>', 'sample').choices(sampleNames))
    .addOption(dataOption())
    .option('--pins <n>', 'synthetic: number of pins', integer(1), syntheticDefaults.pins)
    .option('--boards <n>', 'synthetic: number of boards', integer(1), syntheticDefaults.boards)
    .option('--saves <n>', 'synthetic: number of saves', integer(1), syntheticDefaults.saves)
    .option('--users <n>', 'synthetic: number of users (default: half the boards)', integer(1))
    .option('--topics <n>', 'synthetic: number of topics (default: 20)', integer(1))
    .option('--noise <share>', 'synthetic: share of saves off the topic (default: 0.1)', decimal(0, 1))
    .option('--seed, --random-seed <n>', 'synthetic: random seed (default: 1)', integer(0, 2 ** 32 - 1))
    .option('--output <file>', 'write a TSV file (compressed if .gz) instead of importing')
    .addOption(jsonOption())
    .action(async (name: SampleName, options: SampleOptions) => {
      const sources = (signal: AbortSignal): Promise<RowSource[]> =>
        sampleSources(newDataFolder(options), name, options, signal);
      if (options.output !== undefined) {
        const file = options.output;
        await stoppable(async (signal) => writeTsv(file, await sources(signal), signal));
        return;
      }
      const report = await importSample(newDataFolder(options), sources);
      if (options.json === true) printJson(report);
      else printCounts(report);
    });
}

export async function sampleSources(
  folder: DataFolder,
  name: SampleName,
  options: Partial<SampleOptions>,
  signal: AbortSignal,
): Promise<RowSource[]> {
  if (name === 'npm') return npmSampleSources(await fetchNpmSample(folder, signal));
  return [{ name: 'synthetic', rows: syntheticRows({ ...syntheticDefaults, ...options }) }];
}

export async function importSample(
  folder: DataFolder,
  sources: (signal: AbortSignal) => Promise<RowSource[]>,
): Promise<ImportReport> {
  return stoppable(async (signal, progress) =>
    importRows(folder, await sources(signal), {
      signal,
      onProgress: (state) => reportProgress(progress, state),
    }),
  );
}

export async function writeTsv(
  file: string,
  sources: readonly RowSource[],
  signal: AbortSignal,
): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    yield 'user\tboard\tpin\n';
    for (const { rows } of sources) {
      for await (const batch of rows) {
        // The npm sample has a dependency without a name, which an import would reject.
        const named = batch.filter(({ pin }) => pin !== '');
        yield named.map(({ user, board, pin }) => `${user}\t${board}\t${pin}\n`).join('');
      }
    }
  }
  const compress = file.endsWith('.gz') ? createGzip() : new PassThrough();
  try {
    await streamFileDurably(file, async (fd) => {
      const write = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
        for await (const chunk of chunks) writeFully(fd, chunk);
      };
      await pipeline(lines, compress, write, { signal });
    });
  } catch (cause) {
    throw signal.aborted ? stoppedError(cause) : cause;
  }
}
