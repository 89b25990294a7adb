import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import type { Figure } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { figureText, intervalText, tableLines } from '../../reports/text/format.ts';
import { type Measured, measureLabel } from './measure.ts';
import { judgePeers, writeRows } from './peers.ts';
import { plotOf } from './plot.ts';
import { readFeatures } from './read-features.ts';
import { splitDays } from './split.ts';

interface Options {
  readonly data: string;
  readonly days: keyof typeof splitDays;
  readonly label: readonly ('click' | 'like')[];
  readonly models: readonly string[];
  readonly plots?: string;
  readonly rows?: string;
  readonly peers?: string;
}

export function engagementCommand(): Command {
  return new Command('engagement')
    .description('Predicts clicks and likes on a log of KuaiRand: learners, calibration, AUC within people.')
    .requiredOption('--data <folder>', 'folder of impressions, users, videos and history')
    .option('--days <part>', 'test days, or tuning days, on which parameters were chosen', 'test')
    .option('--label <names...>', 'click, like', ['click', 'like'])
    .option('--models <names...>', 'only these models', [])
    .option('--plots <folder>', 'write the reliability diagram of each label there')
    .option('--rows <folder>', 'write the rows of each label there, for peers.py, and stop')
    .option('--peers <folder>', 'judge what peers.py predicted there as well')
    .action((options: Options) => {
      const of = readFeatures(options.data);
      for (const label of options.label) {
        if (options.rows !== undefined) {
          writeRows(path.join(options.rows, label), of, label, splitDays[options.days]);
          continue;
        }
        const { judged, measured } = measureLabel(of, label, splitDays[options.days], options.models);
        if (options.peers !== undefined) measured.push(...judgePeers(path.join(options.peers, label), of, judged)); // prettier-ignore
        report(label, measured);
        if (options.plots !== undefined) {
          writeFileSync(path.join(options.plots, `models-calibration-${label}.svg`), plotOf(label, measured));
        }
      }
    });
}

function report(label: string, measured: readonly Measured[]): void {
  const { rows, positives } = measured[0]!.judgment.quality;
  print(`\n${label}: ${rows} rows, ${positives} with it; 95 % intervals by person\n`);
  const columns = ['', 'AUC', 'normalised entropy', 'gAUC', 'Σp/Σy', 'ECE', 'its noise', 'cells within 2 %'];
  const lines = measured.map(({ name, judgment: { quality, cells } }) => {
    const within = cells.filter(({ ratio }) => ratio >= 0.98 && ratio <= 1.02).length;
    const { auc, normalizedEntropy, groupedAuc, ratio, calibrationError, calibrationNoise } = quality;
    return [name, figure(auc), figure(normalizedEntropy), figure(groupedAuc), figure(ratio), figureText(calibrationError), figureText(calibrationNoise), `${within} of ${cells.length}`]; // prettier-ignore
  });
  for (const line of tableLines({ columns, rows: lines })) print(line);
  for (const { name, judgment } of measured) {
    const outside = judgment.cells.filter(({ ratio }) => ratio < 0.98 || ratio > 1.02);
    print(`${name}, cells outside: ${outside.map((cell) => `${cell.name} ${cell.ratio.toFixed(3)}`).join(', ') || 'none'}`); // prettier-ignore
  }
}

function figure(of: Figure): string {
  return `${figureText(of.value)} ${intervalText(of)}`;
}
