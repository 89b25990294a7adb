import { z } from 'zod';
import { algorithmNames } from '../../engine/pipeline/index.ts';
import { nameLengthMax } from '../interactions/index.ts';
import { metricOf } from './metric.ts';

/** Half of what an interaction's `arm` may have: `experiment/arm` must fit. */
const halfName = /^[a-z0-9][a-z0-9._-]{0,30}$/i;
const nameFault =
  'has 1 to 31 letters, digits, dots, hyphens and underscores, and starts with a letter or digit';
export const armsMax = 10;
const guardrailsMax = 10;

/** The lengths, too, for clients that do not read the pattern. */
const halfNameSchema = z.string().min(1).max(31).regex(halfName, nameFault);
export const experimentId = halfNameSchema;

const metric = z
  .string()
  .max(2 * nameLengthMax)
  .refine(
    (name) => metricOf(name) !== undefined,
    'is no metric such as click/impressions, purchase or purchase.value',
  );

/** The fields of an arm, of requests and of the stored experiment. */
export const armFields = {
  name: halfNameSchema.describe('Unique in the experiment.'),
  share: z.number().positive().max(1e6).describe('Relative to the shares of the other arms.'),
};

/** The fields of an experiment that requests and the stored experiment share. */
export const experimentFields = {
  surface: z
    .string()
    .min(1)
    .max(nameLengthMax)
    .describe('Requests that name this surface are in the experiment.'),
  holdout: z.number().min(0).max(0.99).default(0).describe('Share of people kept out of the experiment.'),
  salt: z
    .string()
    .max(128)
    .optional()
    .describe(
      'Decides who gets which arm: another salt assigns people anew. Default: the id of the experiment.',
    ),
  metric: metric
    .default('click/impressions')
    .describe(
      'The metric that decides: a quantity per person, or the ratio of two. A quantity is `impressions`, a kind of action (`click`), or the values of its actions (`purchase.value`).',
    ),
  guardrails: z
    .array(
      z.strictObject({
        metric,
        worse: z.enum(['higher', 'lower']).default('higher').describe('The harmful direction.'),
      }),
    )
    .max(guardrailsMax)
    .default([])
    .describe('Metrics that must not get worse.'),
  windowHours: z.int().min(1).max(720).default(24).describe('How long after an impression an action counts.'),
  plannedUsers: z
    .int()
    .min(2)
    .max(1e9)
    .default(10_000)
    .describe('People of an arm at the planned end, where intervals for any look are narrowest.'),
};

const time = z.iso.datetime();

/** A stored arm; without `settings`, the request runs as without the experiment. */
const storedArm = z.strictObject({
  ...armFields,
  // As the request has it.
  algorithm: z.string().optional(),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
  // What that came to, so that a later change of a preset or of defaults does not affect a running experiment.
  settings: z
    .strictObject({
      algorithm: z.enum(algorithmNames),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    })
    .optional(),
});

export const storedExperiment = z.strictObject({
  ...experimentFields,
  // A filter in the form of requests.
  users: z.record(z.string(), z.json()).optional(),
  arms: z.array(storedArm).min(2).max(armsMax),
  start: time,
  end: time.nullable(),
  promoted: z.strictObject({ arm: z.string(), preset: z.string(), at: time }).optional(),
});

export type Experiment = z.output<typeof storedExperiment>;
export type ExperimentArm = Experiment['arms'][number];

/** The arm as interactions name it. */
export function armLabel(experiment: string, arm: string): string {
  return `${experiment}/${arm}`;
}
