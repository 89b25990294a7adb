import type { DataFolder } from '../data-folder.ts';
import { countedDays } from './counted-days.ts';
import { type DayCells, countDays } from './day-cells.ts';
import { pinClasses } from './pin-classes.ts';
import type { EngagementOptions, EngagementReport } from './report-types.ts';
import { summarize } from './summarize.ts';

/**
 * Reports actions on impressions. The first report of a rule reads all its rows, about 1 µs each; later ones
 * only days whose rows have changed, and the days around them; counts by community and by popularity are kept
 * for a snapshot each. Throws `stopped` if the signal is aborted, `interactions-damaged`, and for these groups
 * as {@link pinClasses} does.
 */
export function engagementReport(
  folder: DataFolder,
  options: EngagementOptions,
  signal?: AbortSignal,
): EngagementReport {
  const { windowHours, touch, from, to, by } = options;
  const rule = { windowMs: windowHours * 3_600_000, touch };
  const classes = by === 'community' || by === 'popularity' ? pinClasses(folder, by) : undefined;
  const classedBy = classes === undefined ? 'rank' : `${by} ${classes.version}`;
  try {
    const { days, daysCounted } = countedDays<DayCells>(
      folder,
      {
        name: `${windowHours} ${touch} ${classedBy}`,
        rule,
        from,
        to,
        classOf: classes?.classOf,
        count: (loaded, range, names) => countDays(loaded, range, rule, names),
      },
      signal,
    );
    return { ...summarize(days, options, classes?.nameOf ?? String), daysCounted };
  } finally {
    classes?.close();
  }
}
