import { z } from 'zod';

const count = z.int().nonnegative();

const streamFields = {
  rejected: count.exactOptional().describe('For a stream: the number of rejected lines.'),
  rejects: z
    .array(z.strictObject({ line: z.int().positive(), detail: z.string() }))
    .exactOptional()
    .describe('For a stream: the first 1,000 rejected lines, counted from 1, with the reason.'),
};

export const savesResponse = z
  .strictObject({
    added: count,
    present: count.describe('Saves that existed before and stay unchanged.'),
    results: z
      .array(z.enum(['added', 'present']))
      .exactOptional()
      .describe('In the order of the saves; absent for a stream.'),
    ...streamFields,
  })
  .meta({ id: 'SavesResponse' });

export const unsavesResponse = z
  .strictObject({
    removed: count,
    absent: count.describe('Saves that did not exist.'),
    results: z
      .array(z.enum(['removed', 'absent']))
      .exactOptional()
      .describe('In the order of the saves; absent for a stream.'),
    ...streamFields,
  })
  .meta({ id: 'UnsavesResponse' });

export const putResponse = z
  .strictObject({ result: z.enum(['created', 'replaced']) })
  .meta({ id: 'PutResponse' });

export const removalResponse = z
  .strictObject({ result: z.enum(['removed', 'absent']) })
  .meta({ id: 'RemovalResponse' });

export const interactionsResponse = z
  .strictObject({
    added: count,
    present: count.describe('Interactions that were already stored, by id or content.'),
    results: z
      .array(z.enum(['added', 'present']))
      .exactOptional()
      .describe('In the order of the interactions; absent for a stream.'),
    ...streamFields,
  })
  .meta({ id: 'InteractionsResponse' });
