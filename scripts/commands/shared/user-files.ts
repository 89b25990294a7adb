import path from 'node:path';
import type { Command } from 'commander';
import {
  type UserResults,
  listsTable,
  perUserTable,
  qrelLines,
  runLines,
} from '../../../api/offline/evaluate/index.ts';
import type { SaveSplit } from '../../../engine/index.ts';
import type { SplitNames } from '../../../graph-data/splits/index.ts';
import { extensionOf, tableFormatOf, writeTable, writeText } from '../../../graph-data/table-files/index.ts';
import { UsageError, outputFile } from './options.ts';

/** The options of {@link withUserFiles}, as commander returns them. */
export interface UserFileOptions {
  readonly lists?: string;
  readonly perUser?: string;
  readonly qrels?: string;
}

/** The extension of a run in TREC's form. */
const runExtension = 'run';

/** Adds the files that hold what an evaluation found for each user. */
export function withUserFiles(command: Command): Command {
  return command
    .option(
      '--lists <file>',
      `also write each user's recommendations: .csv, .tsv, .jsonl or .parquet, or .${runExtension} for TREC; text also .gz, .zst`,
      outputFile,
    )
    .option(
      '--per-user <file>',
      "also write each user's metrics, as .csv, .tsv, .jsonl or .parquet",
      outputFile,
    )
    .option('--qrels <file>', "also write the evaluated users' held-out pins as TREC judgements", outputFile);
}

/** Throws for a file that could not be written later. */
export function checkUserFiles(options: UserFileOptions, folds: number | undefined): void {
  const { lists, perUser, qrels } = options;
  if (lists !== undefined && !isRun(lists)) tableFormatOf(lists);
  if (perUser !== undefined) tableFormatOf(perUser);
  if (folds !== undefined && (qrels !== undefined || (lists !== undefined && isRun(lists)))) {
    throw new UsageError(
      '--folds evaluates each user several times, which TREC files cannot hold: use one split, or --lists FILE.csv',
    );
  }
}

/** Writes the files of the options. Returns the names of those written. */
export async function writeUserFiles(
  { lists, perUser, qrels }: UserFileOptions,
  each: readonly UserResults[],
  splits: readonly SaveSplit[],
  names: SplitNames,
): Promise<string[]> {
  const written: string[] = [];
  if (perUser !== undefined) {
    await writeTable({ file: perUser, ...perUserTable(each, splits, names) });
    written.push(perUser);
  }
  if (lists !== undefined && !isRun(lists)) {
    await writeTable({ file: lists, ...listsTable(each, splits, names) });
    written.push(lists);
  }
  if (lists !== undefined && isRun(lists)) {
    for (const { evaluation, lists: ofFolds } of each) {
      const file = each.length === 1 ? lists : runFileOf(lists, evaluation.name);
      const { compression } = extensionOf(file);
      await writeText(file, compression, runLines(ofFolds[0]!, names, evaluation.name));
      written.push(file);
    }
  }
  if (qrels !== undefined) {
    const { compression } = extensionOf(qrels);
    await writeText(qrels, compression, qrelLines(each[0]!.lists[0]!, splits[0]!, names));
    written.push(qrels);
  }
  return written;
}

function isRun(file: string): boolean {
  return extensionOf(file).extension === runExtension;
}

/** A run holds one setting: `lists.run` becomes `lists.feed.run`. */
function runFileOf(file: string, setting: string): string {
  const name = path.basename(file);
  const dot = name.toLowerCase().lastIndexOf(`.${runExtension}`);
  const safe = setting.replaceAll(/[^\w.=-]+/g, '_');
  return path.join(path.dirname(file), `${name.slice(0, dot)}.${safe}${name.slice(dot)}`);
}
