import { z } from 'zod';
import { keyBytesMax } from '../../graph-data/import/index.ts';

/** A key of the application. */
export const keySchema: z.ZodType<string> = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= keyBytesMax, `longer than ${keyBytesMax} bytes`)
  .refine((text) => text.isWellFormed(), 'contains a lone surrogate')
  .describe(`A key of the application: any text of up to ${keyBytesMax} bytes in UTF-8.`)
  .meta({ maxLength: keyBytesMax });
