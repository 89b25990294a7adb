import { Command, Option } from 'commander';
import { type LogColumns, readLog } from '../../api/experiments/index.ts';
import { type ListModel, listModels } from '../../engine/index.ts';
import { offPolicyText } from '../reports/text/offpolicy-text.ts';
import { jsonOption } from './shared/options.ts';
import { print, printJson } from '../output.ts';

interface OffPolicyOptions extends LogColumns {
  readonly model: ListModel;
  readonly json?: true;
}

export function offPolicyCommand(): Command {
  return new Command('offpolicy')
    .description('Estimate what another policy would have earned, from the log of one that chose at random.')
    .argument('<file>', 'CSV, TSV, JSON lines or Parquet with a header, one row for each shown item')
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
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
docs/offpolicy.md explains the figures.

Examples:
  pinwalk offpolicy log.csv --reward click --propensity propensity_score --target target
  pinwalk offpolicy log.parquet --list recommendationId --position rank --user user --model cascade`,
    )
    .action(async (file: string, options: OffPolicyOptions) => {
      const report = (await readLog(file, options, options.model)).report();
      if (options.json === true) printJson(report);
      else for (const line of offPolicyText(report)) print(line);
    });
}
