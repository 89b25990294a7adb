import { z } from 'zod';
import { nameLengthMax } from '../../graph-data/interactions/index.ts';
import { keySchema } from './writes/index.ts';

const recordName = z.string().min(1).max(nameLengthMax);

export const recordSchema = z
  .union([
    z.literal(true),
    z.strictObject({
      user: keySchema
        .refine((key) => key !== '', 'is empty')
        .optional()
        .meta({ minLength: 1 })
        .describe('Who sees the list. Default: `viewer`.'),
      surface: recordName.optional().describe('Where it is shown. Default: `surface` of the request.'),
      arm: recordName.optional().describe('The arm of an experiment. Default: that of the response.'),
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

/** Who sees the list of a request, if it says so. */
export function viewerOf({
  query,
  record,
  viewer,
}: {
  readonly query: readonly { readonly user?: string | undefined }[];
  readonly record?: z.output<typeof recordSchema> | undefined;
  readonly viewer?: string | undefined;
}): string | undefined {
  const named = typeof record === 'object' ? record.user : undefined;
  return named ?? viewer ?? query.find(({ user }) => user !== undefined)?.user;
}
