import { z } from 'zod';
import { nodeKinds } from '../../../engine/index.ts';
import type { Immutable } from '../../base/index.ts';

const item = z
  .strictObject({
    rank: z.int().min(1),
    pin: z.string().exactOptional(),
    board: z.string().exactOptional(),
    user: z.string().exactOptional(),
    title: z.string().nullable().exactOptional().describe('Of pins and boards'),
    boards: z
      .int()
      .nonnegative()
      .exactOptional()
      .describe('For a pin: boards that hold it; for a user: boards they own'),
    pins: z.int().nonnegative().exactOptional().describe('For a board: pins on it'),
    source: z
      .enum(['text', 'typo', 'walk'])
      .describe('text: the words match; typo: they match but for one edit; walk: found near the matches'),
  })
  .meta({ id: 'SearchItem' });

export const searchResponse = z
  .strictObject({
    q: z.string(),
    kind: z.enum(nodeKinds),
    graphVersion: z.string().nullable().describe('null when no graph is loaded'),
    items: z.array(item),
  })
  .meta({ id: 'SearchResponse' });

export type SearchResponse = Immutable<z.output<typeof searchResponse>>;
export type SearchItem = SearchResponse['items'][number];
