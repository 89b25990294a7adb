import { z } from 'zod';
import { keyBytesMax } from '../../../graph-data/import/index.ts';

/** A key of the application. */
export const keySchema: z.ZodType<string> = z
  .string()
  // A UTF-16 unit has at most three bytes: most keys need no count.
  .refine(
    (text) => 3 * text.length <= keyBytesMax || Buffer.byteLength(text) <= keyBytesMax,
    `longer than ${keyBytesMax} bytes`,
  )
  .refine((text) => text.isWellFormed(), 'contains a lone surrogate')
  .describe(`A key of the application: any text of up to ${keyBytesMax} bytes in UTF-8.`)
  .meta({ maxLength: keyBytesMax });
