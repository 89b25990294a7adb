import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { fitPlattByChannel, logLoss, outcomesOf, probabilityIn } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { definitionsForSending, columnsForSending } from '../engagement/features.ts';
import { ftrlOdds, growTrees, treeOdds, withFeatures } from '../engagement/learners.ts';
import { readFeatures } from '../engagement/read-features.ts';
import { dayOf, splitDays, splitOf, startOfDay, windowMs } from '../engagement/split.ts';
import { type Log, type Prediction, plotOf, reportAdvertisers } from './advertiser-report.ts';

interface Options {
  readonly data: string;
  readonly plot?: string;
  readonly trees?: true;
}

/** Days of the log before the first that is judged, and days that calibrate, as in a server. */
const [learnedDays, calibrationDays] = [3, 7];

export function advertisersCommand(): Command {
  return new Command('advertisers')
    .description(
      'Predicted by actual clicks of each advertiser on KuaiRand, authors as advertisers: surfaces calibrated, then authors.',
    )
    .requiredOption('--data <folder>', 'folder of impressions, users, videos and history')
    .option('--trees', 'also the trees of the study of engagement, on its test days')
    .option('--plot <file>', 'SVG of the ratios to write')
    .action(({ data, plot, trees }: Options) => {
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
      };
      const split = splitOf(all.log, splitDays.test);
      const online = ftrlOdds(of, split.train, label, { alpha: 0.02 });
      const predicted = [bySurface(log, online), byAuthor(log, online)];
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
      if (trees === true) {
        const y = Uint8Array.from(split.train, (row) => log.y[row]!);
        const boost = { learningRate: 0.04, featureShare: 0.25, leavesMax: 24 };
        const odds = treeOdds(of, growTrees(of, split.train, logLoss(y), boost, 300));
        onTest.push(...onTestDays(log, odds, split));
      }
      reportAdvertisers('The two test days', log, onTest, 50);
      print('No author has 200 expected clicks on the test days, so those with 50 are judged there.');
    });
}

/** As served: at each midnight, Platt by surface on the days before whose windows have closed. */
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

/** The same on one calibration day, as the study of engagement has it. */
function onTestDays(
  log: Log,
  odds: Float64Array,
  { calibrate, test }: ReturnType<typeof splitOf>,
): Prediction[] {
  const platt = fitPlattByChannel(at(odds, calibrate), at(log.y, calibrate), at(log.surface, calibrate));
  const p = new Float64Array(log.times.length).fill(NaN);
  for (const row of test) p[row] = probabilityIn(platt, log.surface[row]!, odds[row]!);
  return [{ name: 'trees, calibrated by surface on the day before', p }];
}

/** Probabilities of each day from what was known at its start; NaN for the first days. */
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

function at(values: ArrayLike<number>, rows: Int32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row]!);
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
