import type { z } from 'zod';
import { Problem } from './problems.ts';
import { validate } from './validate.ts';

/** A line of a stream. */
interface StreamLine {
  readonly text: string;
  readonly fault?: string;
}

/** The value of a line in JSON by its schema, or why it is invalid. `isPlain`: whether it certainly is as the schema has it. */
export function valueOfLine<Value extends object>(
  schema: z.ZodType<Value>,
  { text, fault }: StreamLine,
  isPlain?: (value: unknown) => value is Value,
): Value | string {
  if (fault !== undefined) return fault;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not valid JSON';
  }
  if (isPlain?.(value) === true) return value;
  try {
    return validate(schema, value);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}
