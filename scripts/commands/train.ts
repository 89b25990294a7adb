import { Command, Option } from 'commander';
import { version as codeVersion } from '../../graph-data/base/index.ts';
import { learners, trainModel } from '../../graph-data/models/index.ts';
import { print, printJson, printable, thousands } from '../output.ts';
import { figureText, intervalText } from '../reports/text/format.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';

interface TrainOptions {
  data: string;
  label: string;
  learner: (typeof learners)[number];
  online: boolean;
  windowHours: number;
  zone: string;
  seed: number;
  json?: true;
}

export function trainCommand(): Command {
  return new Command('train')
    .description('Train a model of how probable an action is, on the interactions of the data folder.')
    .addOption(dataOption())
    .option('--label <kind>', 'the kind of action to predict', 'click')
    .addOption(
      new Option('--learner <name>', 'logistic regression that learns online, or boosted trees')
        .choices(learners)
        .default('ftrl'),
    )
    .option('--no-online', 'keep the weights of logistic regression as trained, rather than go on learning')
    .option('--window-hours <n>', 'how long after an impression an action counts', integer(1, 8_784), 24)
    .option('--zone <name>', 'time zone of hours and weekdays', 'UTC')
    .option('--seed <n>', 'random seed of trees and intervals', integer(0, 0xffff_ffff), 1)
    .addOption(jsonOption())
    .addHelpText('after', '\nMore: docs/models.md')
    .action((options: TrainOptions) => {
      assertZone(options.zone);
      const { label, learner, online, windowHours, zone, seed: randomSeed } = options;
      const trained = trainModel(dataFolder(options), { label, learner, online, windowHours, zone, randomSeed, codeVersion }); // prettier-ignore
      const { version, header } = trained;
      if (options.json === true) {
        printJson({ version, ...header });
        return;
      }
      const { rows, quality } = header;
      print(`${version}: ${learner} for ${printable(label)}, ${thousands(rows.train + rows.calibrate)} impressions; not active yet`); // prettier-ignore
      if (quality === null) {
        print('The last impressions all had the same outcome: nothing to judge by.');
        return;
      }
      const { auc, normalizedEntropy, groupedAuc, ratio, calibrationError, calibrationNoise } = quality;
      print(`on the last ${thousands(rows.judged)} impressions, with 95 % intervals by person:`);
      print(`  AUC                 ${figureText(auc.value)} ${intervalText(auc)}`);
      if (groupedAuc !== null) print(`  AUC within people   ${figureText(groupedAuc.value)} ${intervalText(groupedAuc)}`); // prettier-ignore
      print(
        `  normalised entropy  ${figureText(normalizedEntropy.value)} ${intervalText(normalizedEntropy)}`,
      );
      print(`  predicted / actual  ${figureText(ratio.value)} ${intervalText(ratio)}`);
      print(`  calibration error   ${figureText(calibrationError)}; ${figureText(calibrationNoise)} by chance alone`); // prettier-ignore
      print(`Activate it with: pinwalk models activate ${version}`);
    });
}

function assertZone(zone: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new UsageError(`--zone: there is no time zone "${zone}"; name one such as Europe/Berlin`);
  }
}
