import { Command } from 'commander';
import { z95 } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { intervalText, tableLines } from '../../reports/text/format.ts';
import { compareOpenBandit } from './compare.ts';

export function openBanditCommand(): Command {
  return new Command('open-bandit')
    .description(
      'Off-policy estimates beside those of obp and the true rewards, on the small Open Bandit logs.',
    )
    .option('--python <path>', 'a Python with obp 0.5.7', 'python3')
    .action(async ({ python }: { python: string }) => {
      const compared = await compareOpenBandit(python);
      const rows = compared.map(({ name, reference, report: { estimates, effectiveSampleSize } }) => {
        const { truth, truthError, target } = reference;
        const cell = (key: 'ips' | 'snips' | 'dr'): string => {
          if (estimates === null) return `refused (obp: ${perMille(reference[key])})`;
          const { value, interval } = estimates[key]!;
          return `${perMille(value)} ${intervalText(interval, perMille)}`;
        };
        const earned = `${perMille(truth)} ± ${perMille(z95 * truthError)}`;
        const cells = (['ips', 'snips', 'dr'] as const).map(cell);
        return [name, target, effectiveSampleSize.toFixed(1), earned, ...cells];
      });
      const columns = ['log', 'target', 'effective', 'really earned', 'IPS', 'SNIPS', 'doubly robust'];
      for (const line of tableLines({ columns, rows })) print(line);
      const differences = compared.flatMap(({ reference, report: { estimates } }) =>
        estimates === null
          ? []
          : (['ips', 'snips', 'dr'] as const).map((key) => Math.abs(estimates[key]!.value - reference[key])),
      );
      print(
        `Clicks per 1,000 items. Largest difference from obp: ${Math.max(...differences).toExponential(1)}.`,
      );
    });
}

function perMille(value: number): string {
  return (1000 * value).toFixed(2);
}
