import { Command } from 'commander';
import type { ContentBuildParams, LinearBuildParams } from '../../engine/index.ts';
import { type GraphCounts, openDatabaseReadOnly, readCounts } from '../../graph-data/database/index.ts';
import { estimateBuild } from '../../graph-data/snapshot/index.ts';
import { contentOption, linearOption } from './shared/build-param-options.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { bytesText, print, printJson, thousands } from '../output.ts';

interface EstimateOptions {
  data: string;
  pins?: number;
  boards?: number;
  saves?: number;
  analysis?: boolean;
  linear?: LinearBuildParams;
  content?: ContentBuildParams;
  json?: true;
}

export function estimateCommand(): Command {
  return new Command('estimate')
    .description(
      'Estimate memory, disk and time of a build without pruning, for the database or for given sizes.',
    )
    .addOption(dataOption())
    .option('--pins <n>', 'number of pins', integer(1))
    .option('--boards <n>', 'number of boards', integer(1))
    .option('--saves <n>', 'number of saves', integer(1))
    .option('--analysis', 'with PageRank and communities (default up to 5 M saves)')
    .option('--no-analysis', 'without them')
    .addOption(linearOption('with item weights'))
    .addOption(contentOption('with links by content'))
    .addOption(jsonOption())
    .action((options: EstimateOptions) => {
      const estimate = estimateBuild(countsFor(options), options);
      if (options.json === true) {
        printJson(estimate);
        return;
      }
      const { counts, snapshotBytes, graphBytes, interestBytes, buildBytes, buildSeconds } = estimate;
      print(
        `${thousands(counts.pins)} pins, ${thousands(counts.boards)} boards, ${thousands(counts.saves)} saves`,
      );
      print(`  snapshot file   ${bytesText(snapshotBytes)} before pruning`);
      if (interestBytes > 0) print(`  interest tree   up to ${bytesText(interestBytes)}, a file of its own`);
      print(
        `  served graph    ${bytesText(graphBytes)} of memory, ${(graphBytes / counts.saves).toFixed(1)} bytes per save`,
      );
      print(`  build           about ${buildSeconds.toFixed(1)} s and ${bytesText(buildBytes)} of memory`);
    });
}

function countsFor(options: EstimateOptions): GraphCounts {
  const { pins, boards, saves } = options;
  if (pins !== undefined && boards !== undefined && saves !== undefined) {
    return { pins, boards, saves, users: 0 };
  }
  if (pins !== undefined || boards !== undefined || saves !== undefined) {
    throw new UsageError('set --pins, --boards and --saves together, or none of them to use the database');
  }
  const database = openDatabaseReadOnly(dataFolder(options));
  try {
    const counts = database === undefined ? undefined : readCounts(database);
    if (counts === undefined || counts.saves === 0) {
      throw new UsageError(`${options.data} has no saves: import some, or set --pins, --boards and --saves`);
    }
    return counts;
  } finally {
    database?.close();
  }
}
