import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { type ModelLog, fitPlattByChannel, outcomesOf, probabilityIn } from '../../../engine/index.ts';
import { oddsOf } from '../../../graph-data/campaigns/index.ts';
import { print } from '../../output.ts';
import { definitionsForSending, columnsForSending } from '../engagement/features.ts';
import { ftrlOdds, withFeatures } from '../engagement/learners.ts';
import { readFeatures } from '../engagement/read-features.ts';
import { dayOf, splitDays, splitOf, startOfDay, windowMs } from '../engagement/split.ts';
import { type Log, type Prediction, plotOf, reportAdvertisers } from './advertiser-report.ts';

interface Options {
  readonly data: string;
  readonly plot?: string;
}

/** Days of the log before the first that is judged. */
const learnedDays = 3;
/** Days that calibrate: chosen on those up to 05-05. */
const calibrationDays = 2;

export function advertisersCommand(): Command {
  return new Command('advertisers')
    .description(
      'Predicted by actual clicks of each advertiser on KuaiRand, authors as advertisers: surfaces calibrated, then authors.',
    )
    .requiredOption('--data <folder>', 'folder of impressions, users, videos and history')
    .option('--plot <file>', 'SVG of the ratios to write')
    .action(({ data, plot }: Options) => {
      const all = readFeatures(data);
      const of = withFeatures(all, definitionsForSending, columnsForSending);
      const column = (name: string): Int32Array => {
        const [width, place] = [all.fields.entities.length, all.fields.entities.indexOf(name)];
        return Int32Array.from({ length: all.log.count }, (_, row) => all.log.entities[row * width + place]!);
      };
      const label = all.fields.labels.indexOf('click');
      const log: Log = {
        times: all.log.times,
        y: outcomesOf(all.log, label, windowMs).y,
        surface: column('tab'),
        author: column('author'),
        clickedAt: clickTimes(all.log, label),
      };
      const split = splitOf(all.log, splitDays.test);
      const online = ftrlOdds(of, split.train, label, { alpha: 0.02 });
      const surfaces = bySurface(log, online);
      const predicted = [
        surfaces,
        byAuthor(log, online),
        byCampaign('and by author, by the ratio of sums', log, surfaces.p, byRatio),
        byLogOdds(log, surfaces.p),
        byCampaign('and by author, as served', log, surfaces.p, asServed),
      ];
      const rolling = reportAdvertisers(
        'Every day from the fourth on, predicted the night before',
        log,
        predicted,
        200,
      );
      if (plot !== undefined) writeFileSync(plot, plotOf(rolling));
      const test = new Set(split.test);
      const onTest: Prediction[] = predicted.map(({ name, p }) => ({
        name,
        p: p.map((each, row) => (test.has(row) ? each : NaN)),
      }));
      reportAdvertisers('The two test days', log, onTest, 50);
      print('No author has 200 expected clicks on the test days, so those with 50 are judged there.');
    });
}

/** At each midnight, Platt by surface on the days before, of impressions whose windows have closed. */
function bySurface(log: Log, odds: Float64Array): Prediction {
  const p = eachNight(log, (past, today) => {
    const platt = fitPlattByChannel(at(odds, past), at(log.y, past), at(log.surface, past));
    return Float64Array.from(today, (row) => probabilityIn(platt, log.surface[row]!, odds[row]!));
  });
  return { name: 'FTRL online, calibrated by surface', p };
}

/** On top of it, by author: shrunk to all as by 200 impressions. */
function byAuthor(log: Log, odds: Float64Array): Prediction {
  const p = eachNight(log, (past, today) => {
    const platt = fitPlattByChannel(at(odds, past), at(log.y, past), at(log.surface, past));
    const calibrated = (row: number): number => logit(probabilityIn(platt, log.surface[row]!, odds[row]!));
    const authors = fitPlattByChannel(
      Float64Array.from(past, calibrated),
      at(log.y, past),
      at(log.author, past),
    );
    return Float64Array.from(today, (row) => probabilityIn(authors, log.author[row]!, calibrated(row)));
  });
  return { name: 'and by author, shrunk', p };
}

/** What campaigns count of their impressions. */
type Counter = Pick<Parameters<typeof oddsOf>[2], 'impressions' | 'expected' | 'variance' | 'actions'>;

/** As auctions correct a prediction. */
function asServed(p: number, counter: Counter): number {
  return oddsOf('click', p, { ...counter, hides: 0, version: 0, spent: 0 }).probability;
}

/** Clicks by those expected, both shrunk by five: without the odds, and with a weaker prior. */
function byRatio(p: number, { expected, actions }: Counter): number {
  return Math.min(1, (p * (actions + 5)) / (expected + 5));
}

/** On top of the surfaces: each author as a campaign, by the expected and actual clicks so far. */
function byCampaign(
  name: string,
  { times, y, author, clickedAt }: Log,
  model: Float64Array,
  correct: (p: number, counter: Counter) => number,
): Prediction {
  const counters = new Map<number, { -readonly [Name in keyof Counter]: number }>();
  const counterOf = (row: number) => {
    const counter = counters.get(author[row]!) ?? { impressions: 0, expected: 0, variance: 0, actions: 0 };
    counters.set(author[row]!, counter);
    return counter;
  };
  const isJudged = (row: number): boolean => !Number.isNaN(model[row]!);
  const clicks = Int32Array.from(times, (_, row) => row)
    .filter((row) => y[row]! > 0 && isJudged(row))
    .toSorted((a, b) => clickedAt[a]! - clickedAt[b]!);
  let next = 0;
  const p = model.map((each, row) => {
    for (; next < clicks.length && clickedAt[clicks[next]!]! < times[row]!; next++)
      counterOf(clicks[next]!).actions++;
    if (!isJudged(row)) return NaN;
    const counter = counterOf(row);
    const probability = correct(each, counter);
    counter.impressions++;
    counter.expected += each;
    counter.variance += each * (1 - each);
    return probability;
  });
  return { name, p };
}

/** Chosen on the days up to 05-05, in units of Σ p(1 − p): at p = 0.5, 120 impressions. */
const logOddsPrior = 30;

/**
 * On top of the surfaces, the log odds of each author moved by Σ(y − p) / (Σ p(1 − p) + prior) of its impressions whose window has closed: the
 * first Newton step to the mode of an intercept with a normal prior.
 */
function byLogOdds({ times, y, author }: Log, model: Float64Array): Prediction {
  const settled = new Map<number, { surplus: number; information: number }>();
  let next = 0;
  const p = model.map((each, row) => {
    for (; next < row && times[next]! + windowMs < times[row]!; next++) {
      const own = model[next]!;
      if (Number.isNaN(own)) continue;
      const sums = settled.get(author[next]!) ?? { surplus: 0, information: 0 };
      settled.set(author[next]!, sums);
      sums.surplus += y[next]! - own;
      sums.information += own * (1 - own);
    }
    const { surplus, information } = settled.get(author[row]!) ?? { surplus: 0, information: 0 };
    return 1 / (1 + Math.exp(-logit(each) - surplus / (information + logOddsPrior)));
  });
  return { name: 'and by author, log odds', p };
}

/** Probabilities of each day, from data before its start; NaN for the first days. */
function eachNight(
  { times }: Log,
  predict: (past: Int32Array, today: Int32Array) => ArrayLike<number>,
): Float64Array {
  const p = new Float64Array(times.length).fill(NaN);
  const rowsOf = new Map<number, number[]>();
  for (const [row, time] of times.entries()) {
    const rows = rowsOf.get(dayOf(time));
    if (rows === undefined) rowsOf.set(dayOf(time), [row]);
    else rows.push(row);
  }
  const days = [...rowsOf.keys()].toSorted((a, b) => a - b);
  for (const [i, day] of days.entries()) {
    if (i < learnedDays) continue;
    const today = Int32Array.from(rowsOf.get(day)!);
    const midnight = startOfDay(day);
    const past = days
      .slice(Math.max(0, i - calibrationDays), i)
      .flatMap((before) => rowsOf.get(before)!.filter((row) => times[row]! + windowMs < midnight));
    const found = predict(Int32Array.from(past), today);
    for (const [j, row] of today.entries()) p[row] = found[j]!;
  }
  return p;
}

/** When the first click of each row arrived; NaN without one. */
function clickTimes({ count, actions }: ModelLog, label: number): Float64Array {
  const times = new Float64Array(count).fill(NaN);
  for (let i = actions.count - 1; i >= 0; i--) {
    if (actions.labels[i] === label) times[actions.rows[i]!] = actions.times[i]!;
  }
  return times;
}

function at(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
