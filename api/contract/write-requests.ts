import { z } from 'zod';
import type { Immutable } from '../base/index.ts';
import { attributeDepthMax, timeOf } from '../../graph-data/index.ts';
import { keySchema } from './recommendation-request.ts';

export const savesMax = 10_000;

/** A key that something can be stored under. */
export const storedKeySchema = keySchema.refine((key) => key !== '', 'is empty');

/** The first millisecond of the year 0: dates before have no ISO 8601 form of four digits. */
const timeMin = -62_167_219_200_000;

const time = z
  .union([z.string(), z.number()])
  .transform((value, context) => {
    const ms = timeOf(value);
    if (ms !== undefined && ms >= timeMin) return ms;
    context.addIssue({ code: 'custom', message: 'is neither an ISO 8601 date nor a Unix time' });
    return z.NEVER;
  })
  .meta({
    description: 'ISO 8601 (UTC unless it says otherwise), or a Unix time in seconds or milliseconds.',
    examples: ['2026-05-17T09:30:00Z'],
  });

const text = z.string().refine((value) => value.isWellFormed(), 'has half a surrogate pair');

const attributes = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => isStorable(value, 0),
    `is nested deeper than ${attributeDepthMax} levels, or has half a surrogate pair`,
  )
  .meta({ description: 'Anything else, as JSON: to filter by, and to bring along in answers.' });

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return (
    depth <= attributeDepthMax &&
    Object.entries(value).every(([name, each]) => name.isWellFormed() && isStorable(each, depth + 1))
  );
}

export const saveSchema = z
  .strictObject({
    user: storedKeySchema,
    board: storedKeySchema
      .optional()
      .describe("Left out: the user's own board, which has the key of the user."),
    pin: storedKeySchema,
    savedAt: time.optional().describe('Left out: now.'),
    weight: z.number().positive().optional().describe('What the application thinks it counts.'),
  })
  .meta({ id: 'Save' });

const exampleSave = { user: 'mocha-shot', board: 'mocha-shot/dependencies', pin: 'express' };

/** One save, or many. */
export const savesRequest = z
  .union([saveSchema, z.array(saveSchema).min(1).max(savesMax)])
  .transform((body) => (Array.isArray(body) ? body : [body]))
  .meta({ id: 'SavesRequest', examples: [exampleSave] });

export const pinRequest = z
  .strictObject({
    title: text.optional(),
    text: text.optional().describe('To be found by in a search.'),
    url: text.optional(),
    imageUrl: text.optional(),
    createdAt: time.optional(),
    attributes: attributes.optional(),
  })
  .meta({ id: 'PinRequest', examples: [{ title: 'Express', attributes: { language: 'en' } }] });

export const boardRequest = z
  .strictObject({
    owner: storedKeySchema
      .optional()
      .describe('The user whose board it is: needed for a new one. A board does not change hands.'),
    title: text.optional(),
    attributes: attributes.optional(),
  })
  .meta({ id: 'BoardRequest', examples: [{ owner: 'mocha-shot', title: 'What it depends on' }] });

export const userRequest = z
  .strictObject({ attributes: attributes.optional() })
  .meta({ id: 'UserRequest', examples: [{ attributes: { language: 'en' } }] });

/** Times are milliseconds since 1970. */
export type SaveInput = Immutable<z.output<typeof saveSchema>>;
