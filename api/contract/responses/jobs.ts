import { z } from 'zod';
import { type Immutable, problemSchema } from '../../base/index.ts';

/** Long-running work that a request started and does not wait for. */
export const jobResponse = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    phase: z.string().nullable().describe('The current or last phase; null before the first'),
    done: z.number().nullable().describe('Progress within the phase, out of `total`; null while unknown'),
    total: z.number().nullable(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    problem: problemSchema.pick({ code: true, detail: true }).nullable().describe('Why it failed'),
  })
  .meta({ id: 'Job' });

export const jobsResponse = z.strictObject({ jobs: z.array(jobResponse) }).meta({ id: 'JobList' });

export type Job = Immutable<z.output<typeof jobResponse>>;
