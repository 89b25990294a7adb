import { z } from 'zod';

const count = z.int().nonnegative();

const streamFields = {
  rejected: count.optional().describe('Of a stream: lines that were not taken.'),
  rejects: z
    .array(z.strictObject({ line: z.int().positive(), detail: z.string() }))
    .optional()
    .describe('Of a stream: the first 1,000 of these lines, from 1, and why.'),
};

export const savesAnswer: z.ZodType = z
  .strictObject({
    added: count,
    present: count.describe('They were there before, and stay as they were.'),
    results: z
      .array(z.enum(['added', 'present']))
      .optional()
      .describe('In the order of the saves; not of a stream.'),
    ...streamFields,
  })
  .meta({ id: 'SavesAnswer' });

export const unsavesAnswer: z.ZodType = z
  .strictObject({
    removed: count,
    absent: count.describe('They were not there before either.'),
    results: z
      .array(z.enum(['removed', 'absent']))
      .optional()
      .describe('In the order of the saves; not of a stream.'),
    ...streamFields,
  })
  .meta({ id: 'UnsavesAnswer' });

export const putAnswer: z.ZodType = z
  .strictObject({ result: z.enum(['created', 'replaced']) })
  .meta({ id: 'PutAnswer' });

export const removalAnswer: z.ZodType = z
  .strictObject({ result: z.enum(['removed', 'absent']) })
  .meta({ id: 'RemovalAnswer' });
