import { type Scrape, type TrafficPoint, trafficBetween } from './traffic.ts';

/** A stretch of time up to now, and how far apart its points are. */
export interface TrafficSpan {
  readonly name: string;
  readonly lengthMs: number;
  readonly resolutionMs: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const trafficSpans: readonly TrafficSpan[] = [
  { name: '2 minutes', lengthMs: 2 * minuteMs, resolutionMs: 2_000 },
  { name: '1 hour', lengthMs: hourMs, resolutionMs: minuteMs },
  { name: '24 hours', lengthMs: 24 * hourMs, resolutionMs: 15 * minuteMs },
];

/** Timers fire a little early or late. */
const slackMs = 500;

/**
 * The traffic of the last 24 hours, at a resolution that decreases with age: some 230 points of 11 numbers, and the latest
 * scrape of each span. A point is the difference of two scrapes, so it is also right after a pause.
 */
export class TrafficHistory {
  readonly #kept = trafficSpans.map((span) => {
    return { span, last: undefined as Scrape | undefined, points: [] as TrafficPoint[] };
  });

  add(scrape: Scrape): void {
    for (const each of this.#kept) {
      const { last, span } = each;
      if (last !== undefined && scrape.atMs - last.atMs < span.resolutionMs - slackMs) continue;
      const point = last && trafficBetween(last, scrape);
      each.last = scrape;
      if (point !== undefined) each.points.push(point);
      each.points = each.points.filter(({ atMs }) => scrape.atMs - atMs <= span.lengthMs);
    }
  }

  /** Oldest first. */
  pointsOf({ name }: TrafficSpan): readonly TrafficPoint[] {
    return this.#kept.find(({ span }) => span.name === name)?.points ?? [];
  }
}
