import { Command } from 'commander';
import type { Outcome } from '../../../engine/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print, thousands } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';
import { type Draw, days, peek } from './simulate.ts';

/** Kinds of metrics, each with a lift of its mean by a factor of 1 + `lift`. */
const metrics: Readonly<Record<string, Draw>> = {
  'visits: 10 % of the users': (unit, lift) => single(Number(unit() < 0.1 * (1 + lift))),
  'spend: 2 % of the users, log-normal': (unit, lift) =>
    single(unit() < 0.02 ? Math.exp(3 + normal(unit)) * (1 + lift) : 0),
  'clicks per impression': (unit, lift) => {
    const impressions = Math.ceil(-Math.log(1 - unit()) * 8);
    const taste = unit() ** 4 * (1 + lift);
    let clicks = 0;
    for (let i = 0; i < impressions; i++) clicks += Number(unit() < taste);
    return { numerator: clicks, denominator: impressions, covariate: 0 };
  },
  'minutes, with those of the month before': (unit, lift) => {
    const taste = Math.exp(normal(unit));
    const minutes = taste * Math.exp(0.5 * normal(unit)) * (1 + lift);
    return { numerator: minutes, denominator: 1, covariate: taste * Math.exp(0.5 * normal(unit)) };
  },
};

export function peekingCommand(): Command {
  return new Command('peeking')
    .description('How often experiments that are looked at daily find a difference: none, or a planted one.')
    .option('--experiments <n>', 'simulated experiments of each kind', integer(10, 1e6), 10_000)
    .option('--users-per-day <n>', 'users that meet each arm on each of 28 days', integer(2, 1e5), 100)
    .action(({ experiments, usersPerDay }: { experiments: number; usersPerDay: number }) => {
      const rows: string[][] = [];
      for (const [name, draw] of Object.entries(metrics)) {
        for (const [lift, armCount] of [
          [0, 1],
          [0, 3],
          [0.1, 1],
          [0.2, 1],
          [0.4, 1],
        ] as const) {
          const { naive, once, always } = peek(draw, lift, armCount, experiments, usersPerDay, 1);
          const arms = armCount === 1 ? '2 arms' : `${1 + armCount} arms`;
          rows.push([
            name,
            lift === 0 ? `none, ${arms}` : `+${100 * lift} %`,
            ...[naive, once, always].map(percent),
          ]);
        }
      }
      const columns = [
        'metric',
        'difference',
        'p < 0.05 on any day',
        'on the last day',
        'always-valid, any day',
      ];
      for (const line of tableLines({ columns, rows })) print(line);
      print(
        `${thousands(experiments)} experiments of each kind, ${days} days, ${usersPerDay} users a day and arm, seed 1.`,
      );
    });
}

function single(numerator: number): Outcome {
  return { numerator, denominator: 1, covariate: 0 };
}

function normal(unit: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
