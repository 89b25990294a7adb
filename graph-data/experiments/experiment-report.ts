import { hash } from 'node:crypto';
import { type ExperimentReport, reportExperiment } from '../../engine/experiments/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { countedDays } from '../engagement/index.ts';
import { dayMs } from '../interactions/index.ts';
import { type PersonDay, countPeople } from './count-people.ts';
import { type Experiment, armLabel } from './experiment.ts';
import { metricOf } from './metric.ts';
import { People, quantitiesOf } from './people.ts';

/** Days before an experiment whose behaviour is the covariate. */
const daysBefore = 28;
/** Days of an experiment that a report shows one by one: the latest. */
const daysShownMax = 60;

/** What an experiment has shown so far. */
export interface ServedReport extends ExperimentReport {
  /** Impressions by arm. */
  readonly impressions: readonly number[];
  /** People who have met more than one arm, and are left out. */
  readonly inSeveralArms: number;
  /** The decisive metric at the end of each day, by arm. Days since 1970. */
  readonly days: readonly { readonly day: number; readonly report: ExperimentReport }[];
  /** Days that were counted anew. */
  readonly daysCounted: number;
}

/**
 * The report of an experiment from the interactions of its folder: everybody with an impression of an arm since the start
 * counts, with what followed. `until`: the last day, in days since 1970. The first report reads the rows of all days since
 * four weeks before the start, later ones only days that have changed. Throws `stopped` if the signal is aborted.
 * O(people × days).
 */
export function experimentReport(
  folder: DataFolder,
  id: string,
  experiment: Experiment,
  until: number,
  signal?: AbortSignal,
): ServedReport {
  const { surface, arms, windowHours, plannedUsers } = experiment;
  const metrics = [experiment.metric, ...experiment.guardrails.map(({ metric }) => metric)].map((name) =>
    metricOf(name)!,
  );
  const start = Date.parse(experiment.start);
  const rule = { windowMs: windowHours * 3_600_000, touch: 'last' } as const;
  const quantities = quantitiesOf(metrics);
  const counted = { surface, arms: arms.map(({ name }) => armLabel(id, name)), start, quantities };
  const startDay = Math.floor(start / dayMs);
  // Lists that were shown before the end have next pages after it.
  const last =
    experiment.end === null ? until : Math.min(until, Math.floor(Date.parse(experiment.end) / dayMs) + 1);
  const { days, daysCounted } = countedDays<PersonDay[]>(
    folder,
    {
      name: `experiment ${hash('sha256', JSON.stringify([counted, windowHours]), 'base64url')}`,
      rule,
      from: startDay - daysBefore,
      to: last,
      needsUserKeys: true,
      count: (loaded, range, names, people) => countPeople(loaded, range, rule, counted, names, people),
    },
    signal,
  );
  const people = new People(quantities);
  const [names, shares] = [arms.map(({ name }) => name), arms.map(({ share }) => share)];
  const reportOf = (of: typeof metrics): ExperimentReport =>
    reportExperiment(
      of.map(({ name }) => name),
      people.outcomes(names, of),
      shares,
      plannedUsers,
    );
  const shown: { day: number; report: ExperimentReport }[] = [];
  const firstShown = Math.max(startDay, last - daysShownMax + 1);
  for (const [day, rows] of days) {
    people.addDay(rows);
    if (day < firstShown) continue;
    const report = reportOf(metrics.slice(0, 1));
    if (report.arms.some(({ users }) => users > 0)) shown.push({ day, report });
  }
  return {
    ...reportOf(metrics),
    impressions: people.impressions(arms.length),
    inSeveralArms: people.inSeveralArms,
    days: shown,
    daysCounted,
  };
}
