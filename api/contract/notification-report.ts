import { z } from 'zod';
import { numberFromQuery } from './query-strings.ts';

/** Days of a report on notifications. */
const daysMax = 60;

/** The query string of `GET /v1/reports/notifications`. */
export const notificationReportParameters = z.strictObject({
  days: numberFromQuery(z.int().min(1).max(daysMax).default(7)).describe(
    'Days on which notifications were decided, UTC, today included.',
  ),
});
