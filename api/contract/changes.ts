import { z } from 'zod';
import { numberFromQuery } from './query-strings.ts';

/** Changes of one response, at most. */
const changesMax = 10_000;
/** Milliseconds that a request for changes may wait for the next one. */
const waitMsMax = 30_000;

export const changesParameters = z.strictObject({
  after: numberFromQuery(z.int().min(0)).describe(
    'The position to continue after: that of the last line, or `Pinwalk-Position` of the last response.',
  ),
  mark: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional()
    .describe(
      '`mark` of the line of that position, if it has one: tells histories apart after a backup was restored.',
    ),
  limit: numberFromQuery(z.int().min(1).max(changesMax).default(1_000)),
  waitMs: numberFromQuery(z.int().min(0).max(waitMsMax).default(0)).describe(
    'Milliseconds to wait for a change if there is none yet (long poll).',
  ),
});
