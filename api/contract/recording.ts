import { z } from 'zod';
import { nameLengthMax } from '../../graph-data/interactions/index.ts';
import { keySchema } from './key-schema.ts';

const recordName = z.string().min(1).max(nameLengthMax);

export const recordSchema = z
  .union([
    z.literal(true),
    z.strictObject({
      user: keySchema
        .refine((key) => key !== '', 'is empty')
        .optional()
        .meta({ minLength: 1 })
        .describe("Who sees the list. Default: the query's first user."),
      surface: recordName.optional().describe('Where it is shown.'),
      arm: recordName.optional().describe('The arm of an experiment.'),
    }),
  ])
  .describe(
    'Records each item as an impression (docs/interactions.md) before the response: needs a key of scope `write`. For pins.',
  );

/** As what the items of a list are recorded. */
export interface Recording {
  readonly user: string;
  readonly surface?: string | undefined;
  readonly arm?: string | undefined;
}

/** Who sees the list of a request that is recorded. */
export function seerOf(
  query: readonly { readonly user?: string | undefined }[],
  record: z.output<typeof recordSchema>,
): string | undefined {
  const named = record === true ? undefined : record.user;
  return named ?? query.find(({ user }) => user !== undefined)?.user;
}
