import { Command, Option } from 'commander';
import { type LogColumns, type OwnLog, readLog, readOwnLog } from '../../api/experiments/index.ts';
import { type ListModel, type OffPolicy, listModels } from '../../engine/index.ts';
import { offPolicyText } from '../reports/text/offpolicy-text.ts';
import { UsageError, dataFolder, dataOption, jsonOption } from './shared/options.ts';
import { print, printJson } from '../output.ts';

interface OffPolicyOptions extends LogColumns, Partial<OwnLog> {
  readonly data: string;
  readonly model: ListModel;
  readonly json?: true;
}

export function offPolicyCommand(): Command {
  return new Command('offpolicy')
    .description('Estimate what another policy would have earned, from the log of one that chose at random.')
    .argument(
      '[file]',
      'CSV, TSV, JSON lines or Parquet with a header, one row for each shown item. Default: the recorded lists of --data',
    )
    .option('--reward <column>', 'what the item earned', 'reward')
    .option('--propensity <column>', 'probability with which it was shown', 'propensity')
    .option('--target <column>', 'probability with which the other policy would have shown it', 'target')
    .option('--predicted <column>', "a model's expected reward of the item, for the doubly robust estimate")
    .option('--predicted-target <column>', "that model's expected reward under the other policy")
    .option('--list <column>', 'rows with the same value are one list of several items')
    .option('--position <column>', 'position in the list. Default: the order of the file')
    .option('--user <column>', 'lists of one user are one observation of the variance')
    .addOption(
      new Option(
        '--model <name>',
        'whether the reward of an item may depend on those above it; probabilities are then conditional on them',
      )
        .choices(listModels)
        .default('item-position'),
    )
    .addOption(dataOption())
    .option(
      '--surface <name>',
      'without a file: the lists of this surface, compared with their best score first',
    )
    .option('--arm <name>', 'without a file: only lists of this arm, experiment/arm')
    .option('--action <kind>', 'without a file: the action that is a reward (default: click)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
docs/offpolicy.md explains the figures.

Examples:
  pinwalk offpolicy log.csv --reward click --propensity propensity_score --target target
  pinwalk offpolicy log.parquet --list recommendationId --position rank --user user --model cascade
  pinwalk offpolicy --surface related --arm drawn/all --action click`,
    )
    .action(async (file: string | undefined, options: OffPolicyOptions) => {
      const log = file === undefined ? ownLog(options) : await readLog(file, options, options.model);
      const report = log.report();
      if (options.json === true) printJson(report);
      else for (const line of offPolicyText(report)) print(line);
    });
}

function ownLog({ data, surface, arm, action = 'click', model }: OffPolicyOptions): OffPolicy {
  if (surface === undefined) throw new UsageError('name a file, or the --surface of recorded lists');
  if (model !== 'item-position')
    throw new UsageError(
      '--model cascade needs probabilities given the items above, which recorded lists do not have',
    );
  return readOwnLog(dataFolder({ data }), { surface, arm, action });
}
