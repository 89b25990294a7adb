import { z } from 'zod';
import { nodeKinds } from '../../../engine/graph/index.ts';
import type { Immutable } from '../../base/index.ts';
import { promotedSummary } from './promoted-summary.ts';
import { itemFields } from './recommendations.ts';

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
    promoted: itemFields.promoted,
    highlights: z
      .array(
        z.strictObject({
          field: z.enum(['title', 'text']),
          text: z.string().describe('The title, or the part of the text around the first match'),
          ranges: z
            .array(z.array(z.int()).length(2))
            .describe('Places that match: start and end in UTF-16 code units'),
        }),
      )
      .exactOptional()
      .describe('With `explain`, of pins'),
    signals: z
      .strictObject({
        words: z.number(),
        content: z.number(),
        popularity: z.number(),
        walk: z.number(),
        user: z.number(),
      })
      .exactOptional()
      .describe(
        'With `explain`, of pins, where texts are indexed: what ranks the pin, each relative to the best pin of this search. ' +
          'words: BM25F over title, tags, text and titles of boards; content: related words; popularity: boards; ' +
          'walk: from the best hits, with `expand`; user: a walk from what `user` saved',
      ),
  })
  .meta({ id: 'SearchItem' });

export const searchResponse = z
  .strictObject({
    q: z.string(),
    kind: z.enum(nodeKinds),
    graphVersion: z.string().nullable().describe('null when no graph is loaded'),
    items: z.array(item),
    nextCursor: z
      .string()
      .nullable()
      .describe('For the next page of pins; null at the end, and with `expand`'),
    index: z
      .enum(['ready', 'building', 'none'])
      .exactOptional()
      .describe(
        'For pins: whether the text index ranks them. `building` for some seconds after the first search of a graph; ' +
          '`none` where nothing is written, or without a graph.',
      ),
    promoted: promotedSummary
      .exactOptional()
      .describe('With `promotedSlots` and `explain`: slots of the page without a promoted pin, and why'),
    corrections: z
      .record(z.string(), z.array(z.string()))
      .exactOptional()
      .describe('Words of `q` that no pin has, with those one edit away that were searched instead'),
    weights: z
      .strictObject({
        words: z.literal(1),
        content: z.number(),
        popularity: z.number(),
        walk: z.number(),
        user: z.number(),
      })
      .exactOptional()
      .describe(
        'With `explain`, where texts are indexed: how much each of `signals` counts. Those of content and popularity are ' +
          'what finds most in this corpus.',
      ),
    facets: z
      .record(
        z.string(),
        z.array(z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), count: z.int() })),
      )
      .exactOptional()
      .describe('By field of `facets`: up to 20 values, most common first, with their number of hits'),
    suggestions: z
      .array(
        z.strictObject({
          text: z.string(),
          kind: z.enum(['pins', 'boards']),
          key: z.string(),
          count: z.int().describe('Boards of the pin, or pins of the board'),
        }),
      )
      .exactOptional()
      .describe('Titles that begin with `q`, or have a word that does, most saved first'),
  })
  .meta({ id: 'SearchResponse' });

export type SearchResponse = Immutable<z.output<typeof searchResponse>>;
export type SearchItem = SearchResponse['items'][number];
