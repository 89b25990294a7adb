import { z } from 'zod';

/** The schema, for objects of at most so many names: a schema's own checks count them only after it has looked at each. */
export function atMostNames<Schema extends z.ZodType>(
  schema: Schema,
  namesMax: number,
  message: string,
): z.ZodType<z.output<Schema>, z.input<Schema>> {
  return z
    .preprocess((value, context) => {
      if (typeof value === 'object' && value !== null && Object.keys(value).length > namesMax) {
        context.addIssue({ code: 'custom', message });
      }
      return value;
    }, schema)
    .meta({ maxProperties: namesMax }) as unknown as z.ZodType<z.output<Schema>, z.input<Schema>>;
}
