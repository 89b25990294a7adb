import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type PacingPlan, ZoneClock, campaignDay, dayTraffic, randomStream } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { drawFile } from '../../reports/draw.ts';
import { type Curve, curvesDrawing } from '../../reports/plots/curves.ts';
import { tableLines } from '../../reports/text/format.ts';
import { type ReplayedDay, replayDay } from './replay-day.ts';

/** Visits by hour of the clock, as a shop may have them: the plan. */
const hourly = [3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 11, 12, 11, 10, 10, 11, 13, 16, 19, 21, 20, 14, 7];
const requestsPerUnit = 1_200;
const clicks = { clickMicros: 200_000, clickProbability: 0.2, delayMs: 45_000 };
/** Of 53,000 clicks that all requests of a planned day bring. */
const budgetMicros = 6_000 * clicks.clickMicros;
const zone = 'Europe/Berlin';

/** Days by how they differ from the plan. */
const days: Readonly<Record<string, (hour: number) => number>> = {
  'as planned': () => 1,
  'ten times the visits at noon': (hour) => (hour === 12 ? 10 : 1),
  '40 times the visits at night': (hour) => (hour === 3 ? 40 : 1),
  'nobody from 9 to 12': (hour) => (hour >= 9 && hour < 12 ? 0 : 1),
  'a third in the evening': (hour) => (hour >= 17 ? 1 / 3 : 1),
};
const plotted = 'ten times the visits at noon';

export function pacingCommand(): Command {
  return new Command('pacing')
    .description(
      'Replays days of requests with planted surges: the spend by hour of a budget of a ninth of the demand.',
    ) // prettier-ignore
    .option('--plot <file>', 'SVG of the spend by hour to write')
    .action(({ plot }: { plot?: string }) => {
      const day = campaignDay(Date.parse('2026-11-30T12:00:00Z'), zone, new ZoneClock());
      const plan = { ...day, budgetMicros, traffic: dayTraffic(day, zone, hourly, new ZoneClock()) };
      const rows = Object.entries(days).flatMap(([name, factor]) => {
        const requests = hourly.map((visits, hour) => visits * requestsPerUnit * factor(hour));
        const runs = [true, false].map((isPaced) => replayDay(plan, { requests, ...clicks }, randomStream(1), isPaced)); // prettier-ignore
        if (name === plotted && plot !== undefined) writeFileSync(plot, plotOf(plan, requests, runs));
        return runs.map((run, i) => rowOf(i === 0 ? name : '– without pacing', plan, requests, run));
      });
      const columns = [
        '',
        'spent, %',
        'largest hour by planned share',
        'by share of the visits',
        'last spend',
      ];
      for (const line of tableLines({ columns, rows })) print(line);
    });
}

function rowOf(
  name: string,
  { traffic }: PacingPlan,
  requests: readonly number[],
  run: ReplayedDay,
): string[] {
  const { spentMicros, byHour } = run;
  const visits = requests.reduce((sum, each) => sum + each, 0);
  const largest = (shareOf: (hour: number) => number): string =>
    Math.max(...byHour.map((spent, hour) => (requests[hour] === 0 ? 0 : spent / spentMicros / shareOf(hour)))).toFixed(2); // prettier-ignore
  const last = byHour.findLastIndex((spent) => spent > 0);
  return [
    name,
    ((100 * spentMicros) / budgetMicros).toFixed(2),
    largest((hour) => traffic[hour]!),
    largest((hour) => requests[hour]! / visits),
    `${last}:00 to ${last + 1}:00`,
  ];
}

function plotOf({ traffic }: PacingPlan, requests: readonly number[], runs: readonly ReplayedDay[]): string {
  const curves = [
    curveOf('planned', traffic),
    curveOf('visits', requests),
    curveOf('paced', runs[0]!.byHour),
    curveOf('without pacing', runs[1]!.byHour),
  ];
  const title = 'Percent of the day by hour: visits with a surge at noon, and spend';
  return drawFile(curvesDrawing({ title, x: 'hour', y: 'percent', curves }));
}

function curveOf(name: string, values: ArrayLike<number>): Curve {
  const sum = Array.from(values).reduce((total, value) => total + value, 0);
  return { name, points: Array.from(values, (value, x) => ({ x, y: (100 * value) / sum })) };
}
