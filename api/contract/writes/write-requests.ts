import { z } from 'zod';
import { dimsMax } from '../../../engine/vectors/index.ts';
import type { Immutable } from '../../base/index.ts';
import { attributeDepthMax, timeOf } from '../../../graph-data/import/index.ts';
import { keySchema } from './key-schema.ts';

export const savesMax = 10_000;

/** A key of a stored node. */
export const storedKeySchema: z.ZodType<string> = keySchema
  .refine((key) => key !== '', 'is empty')
  .meta({ minLength: 1 });

/** Longer than any ISO 8601 date. */
const timeLengthMax = 64;
/** The first millisecond of the year 0: earlier dates have no four-digit ISO 8601 form. */
const timeMin = -62_167_219_200_000;

/** The texts and numbers that {@link timeOf} takes, for the document; only it knows that February has no 30 days. */
const timePattern =
  '^([0-4]\\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01])([T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?' +
  '( ?(Z|UTC|[+-]([01]\\d|2[0-3])(:?[0-5]\\d)?))?)?)?|[1-9]\\d{8,19}|-[1-9]\\d{8,9})$';
const timeRanges = [
  { minimum: 1e8, exclusiveMaximum: 1e20 },
  // Before 1970, in seconds, milliseconds, microseconds and nanoseconds.
  ...[1e-3, 1, 1e3, 1e6].map((scale) => ({ minimum: timeMin * scale, maximum: -1e11 * scale })),
];

/** One step, since a union of schemas takes five times as long: 10,000 saves have as many times. */
export const timeSchema: z.ZodType<number> = z
  .unknown()
  .transform((value, context): number => {
    const isTime = typeof value === 'number' || (typeof value === 'string' && value.length <= timeLengthMax);
    const ms = isTime ? timeOf(value) : undefined;
    if (ms !== undefined && ms >= timeMin) return ms;
    context.addIssue({ code: 'custom', message: 'is neither an ISO 8601 date nor a Unix time' });
    return z.NEVER;
  })
  .meta({
    anyOf: [
      { type: 'string', maxLength: timeLengthMax, pattern: timePattern },
      { type: 'number', anyOf: timeRanges },
    ],
    description:
      'ISO 8601 (UTC unless it has a zone), or a Unix time in seconds, milliseconds, microseconds or nanoseconds, ' +
      'from 100,000,000 on.',
    examples: ['2026-05-17T09:30:00Z'],
  });

const text = z.string().refine((value) => value.isWellFormed(), 'contains a lone surrogate');

const attributes = z
  .record(z.string(), z.unknown())
  .refine(
    (value) => isStorable(value, 0),
    `is nested deeper than ${attributeDepthMax} levels, or contains a lone surrogate`,
  )
  .meta({ description: 'Any further JSON: for filters, and to return with items.' });

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
      .describe("Default: the user's own board, whose key is that of the user."),
    pin: storedKeySchema,
    savedAt: timeSchema.optional().describe('Default: now.'),
    weight: z.number().positive().optional().describe('The importance of the save to the application.'),
  })
  .meta({ id: 'Save' });

const exampleSave = { user: 'mocha-shot', board: 'mocha-shot/dependencies', pin: 'express' };

/** One save or a list. */
export const savesRequest = z
  .union([saveSchema, z.array(saveSchema).min(1).max(savesMax)])
  .transform((body) => (Array.isArray(body) ? body : [body]))
  .meta({ id: 'SavesRequest', examples: [exampleSave] });

/** Names of vectors of a pin, at most. */
const vectorNamesMax = 16;
const vectorName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'is not 1 to 31 small letters, digits and hyphens');

const vectorSchema = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(200)
      .describe('The model that made it: vectors of two models never share a name.'),
    values: z
      .array(z.number())
      .min(1)
      .max(dimsMax)
      .refine((values) => values.length === 0 || values.some((value) => value !== 0), 'has length 0'),
  })
  .meta({ id: 'PinVector' });

const vectors = z
  .record(vectorName, vectorSchema.nullable())
  .refine((value) => Object.keys(value).length <= vectorNamesMax, `has over ${vectorNamesMax} names`)
  .meta({
    description:
      'Vectors to set, by name, and `null` to remove one. Those that are left out stay. They are stored as int8.',
  });

export const pinRequest = z
  .strictObject({
    title: text.optional(),
    text: text.optional().describe('Text that searches match.'),
    url: text.optional(),
    imageUrl: text.optional(),
    createdAt: timeSchema.optional(),
    attributes: attributes.optional(),
    vectors: vectors.optional(),
  })
  .meta({ id: 'PinRequest', examples: [{ title: 'Express', attributes: { language: 'en' } }] });

export const boardRequest = z
  .strictObject({
    owner: storedKeySchema
      .optional()
      .describe('Key of the user who owns the board, required for a new one. The owner never changes.'),
    title: text.optional(),
    attributes: attributes.optional(),
  })
  .meta({ id: 'BoardRequest', examples: [{ owner: 'mocha-shot', title: 'What it depends on' }] });

export const userRequest = z
  .strictObject({ attributes: attributes.optional() })
  .meta({ id: 'UserRequest', examples: [{ attributes: { language: 'en' } }] });

/** Times are milliseconds since 1970. */
export type SaveInput = Immutable<z.output<typeof saveSchema>>;
