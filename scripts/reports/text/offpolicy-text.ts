import type { OffPolicyReport } from '../../../engine/index.ts';
import { thousands } from '../../output.ts';
import { countText, intervalText, tableLines } from './format.ts';

const refusals: Readonly<Record<NonNullable<OffPolicyReport['refused']>, string>> = {
  'no-support':
    'No estimate: the mean weight is not 1, so the other policy shows items that the log never could, or a propensity is wrong.',
  'effective-sample-size':
    'No estimate: the effective sample size is below 1 % of the items, so a few of them would decide it.',
};

const names = { ips: 'IPS', snips: 'SNIPS', dr: 'doubly robust' };

/** An off-policy report as lines of text. */
export function offPolicyText(report: OffPolicyReport): string[] {
  const { items, lists, users, logged, meanWeight, effectiveSampleSize, refused, estimates } = report;
  const share = ((100 * effectiveSampleSize) / items).toFixed(1);
  const rows = Object.entries({ logged, ...estimates }).flatMap(([name, estimate]) =>
    estimate === null
      ? []
      : [
          [
            name === 'logged' ? 'as logged' : names[name as keyof typeof names],
            number(estimate.value),
            intervalText(estimate.interval, number),
          ],
        ],
  );
  return [
    `${countText(items, 'item')} in ${countText(lists, 'list')} of ${countText(users, 'user')}`,
    `mean weight ${meanWeight.value.toFixed(3)} ${intervalText(meanWeight.interval, (value) => value.toFixed(3))}, ` +
      `effective sample size ${thousands(Math.round(10 * effectiveSampleSize) / 10)} (${share} %)`,
    '',
    ...tableLines({ columns: ['reward per list', 'value', '95 %'], rows }),
    ...(refused === null ? [] : ['', refusals[refused]]),
  ];
}

function number(value: number): string {
  return value.toPrecision(4);
}
