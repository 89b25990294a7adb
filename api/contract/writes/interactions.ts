import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';
import {
  faultsOf,
  idLengthMax,
  nameLengthMax,
  queryLengthMax,
  rankMax,
} from '../../../graph-data/interactions/index.ts';
import { tokenLength } from '../../../graph-data/base/index.ts';
import { keySchema } from './key-schema.ts';
import { storedKeySchema, timeSchema } from './write-requests.ts';

export const interactionsMax = 10_000;
/** Longer than an IPv6 address with its zone. */
const addressLengthMax = 64;

const isWellFormed = [(text: string) => text.isWellFormed(), 'contains a lone surrogate'] as const;
const name = z
  .string()
  .min(1)
  .max(nameLengthMax)
  .refine(...isWellFormed);

const interactionSchema = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(idLengthMax)
    .refine(...isWellFormed)
    .optional()
    .describe(
      'Set by the application. The same id on the same day (UTC) is the same interaction. Default: derived from the content.',
    ),
  kind: name.describe(
    '`impression`: the pin was shown. Anything else is an action: `open`, `click`, `save`, `hide`, `dismiss`, `unsubscribe`, `purchase`, or a name of your own.',
  ),
  user: storedKeySchema.describe('The person, or the key of a visitor without an account. Need not exist.'),
  pin: storedKeySchema.optional().describe('Required for an impression. Need not exist.'),
  at: timeSchema.optional().describe('Default: now.'),
  recommendationId: keySchema
    .refine((id) => id !== '', 'is empty')
    .optional()
    .meta({ minLength: 1 })
    .describe('Of the response that showed the pin.'),
  surface: name.optional().describe('Where it was shown: `feed`, `related`, a name of your own.'),
  pipeline: name.optional().describe('The pipeline that ranked it: the name of a preset or an algorithm.'),
  arm: name.optional().describe('The arm of an experiment.'),
  rank: z.int().min(1).max(rankMax).optional(),
  score: z.number().optional(),
  propensity: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('Probability with which the pin was shown at this rank.'),
  value: z
    .number()
    .nonnegative()
    .optional()
    .describe('The value of an action, in a unit of the application: seconds watched, money spent.'),
  query: z
    .string()
    .min(1)
    .max(queryLengthMax)
    .refine(...isWellFormed)
    .optional()
    .describe(
      'The search text that led to the list; needs its `recommendationId`. The first one of a list stays.',
    ),
  promoted: z
    .string()
    .length(tokenLength)
    .regex(/^[\w-]+$/, 'is not a token of a promoted pin')
    .optional()
    .describe(
      'For a `click` or a `save` on a promoted pin: its `token`. The campaign pays once, however often it is sent (docs/promoted-pins.md).',
    ),
  address: z
    .string()
    .min(1)
    .max(addressLengthMax)
    .refine(...isWellFormed)
    .optional()
    .describe(
      "With `promoted`: the network address of the person's device, which bounds floods of clicks. Stored as a keyed hash.",
    ),
});

/**
 * Interactions that are possible. `now`, and `from`, the earliest time that is kept: milliseconds since 1970. `isSigned`: whether this
 * server signed a token.
 */
export function interactionOf(
  now: () => number,
  from: () => number,
  isSigned: (token: string) => boolean,
): z.ZodType<InteractionInput> {
  return interactionSchema
    .superRefine((interaction, context) => {
      for (const { field, message } of faultsOf(interaction, now(), from())) {
        context.addIssue({ code: 'custom', path: [field], message });
      }
      const { promoted, address } = interaction;
      if (promoted !== undefined && !isSigned(promoted))
        context.addIssue({ code: 'custom', path: ['promoted'], message: 'is not a token of this server' });
      if (promoted === undefined && address !== undefined)
        context.addIssue({ code: 'custom', path: ['address'], message: 'is only with `promoted`' });
    })
    .meta({ id: 'Interaction' });
}

export type InteractionInput = Immutable<z.output<typeof interactionSchema>>;

/** One interaction or a list. */
export function interactionsRequest(
  interaction: z.ZodType<InteractionInput>,
): z.ZodType<readonly InteractionInput[]> {
  return z
    .union([interaction, z.array(interaction).min(1).max(interactionsMax)])
    .transform((body) => (Array.isArray(body) ? body : [body]))
    .meta({
      id: 'InteractionsRequest',
      examples: [
        {
          kind: 'click',
          user: 'mocha-shot',
          pin: 'express',
          recommendationId: '01M7ZD852ZTKTRJKMCQ03GY2XT',
          at: '2026-05-17T09:30:00Z',
        },
      ],
    });
}
