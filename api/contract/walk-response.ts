import { z } from 'zod';
import { algorithmUsed, itemFields } from './recommendation-response.ts';

const count = z.int().nonnegative();
const place = count.describe('A place in `nodes`.');

const walkedItem = z
  .strictObject({
    ...itemFields,
    visits: count.describe('Steps that ended there; of boards and users, that went through.'),
    visitsByQueryPin: z
      .array(z.strictObject({ pin: z.string(), visits: count }))
      .describe('Most visits first; query pins without any are left out.'),
    node: place.nullable().describe('Its place in `nodes`; null for a user, or when there was no room.'),
    ways: z
      .array(
        z.strictObject({
          nodes: z.array(place).describe('A query pin, a board, a pin … the item.'),
          walked: count.describe('Traced paths that begin so; 0 for the way that the reason tells.'),
        }),
      )
      .describe('How walkers came there, the most walked first, from each query pin in turn; at most 8.'),
  })
  .meta({ id: 'WalkedItem' });

const drawnNode = z
  .strictObject({
    kind: z.enum(['pin', 'board']),
    key: z.string(),
    title: z.string().nullable(),
    visits: count.describe('Steps that ended at the pin, or went through the board.'),
  })
  .meta({ id: 'DrawnNode' });

/** What `POST /v1/walks` answers. */
export const walkAnswer: z.ZodType = z
  .strictObject({
    graphVersion: z.string().describe('The snapshot that was walked.'),
    algorithm: algorithmUsed,
    randomSeed: z.int(),
    items: z.array(walkedItem),
    stats: z.looseObject({ candidates: count, walkMs: z.number() }),
    missing: z.array(z.string()).describe('Ids of the query that are not in the graph.'),
    fallback: z.literal('cold-start').nullable().describe('With it, nothing was walked.'),
    steps: z.strictObject({
      planned: count.describe('That the parameters allow.'),
      walked: count.describe('From the query pins.'),
      second: count.describe('Of sharpening, which belong to no query pin.'),
      stoppedEarly: z.boolean(),
      lost: count.describe('That led nowhere (`boardShrinkage`).'),
      lostExpected: z.number(),
    }),
    restarts: z.strictObject({
      probability: z.number(),
      counted: count,
      expected: z.number(),
      standardDeviation: z.number().describe('Of the count, when each step draws on its own.'),
    }),
    queryPins: z
      .array(
        z.strictObject({
          pin: z.string(),
          weight: z.number().describe('The largest is 1.'),
          boards: count,
          steps: count,
          restarts: count,
          lost: count,
        }),
      )
      .describe('Most steps first.'),
    convergence: z
      .array(
        z.strictObject({
          steps: count,
          overlap: z.number().min(0).max(1).describe('Share of the items that so few steps find.'),
        }),
      )
      .describe('The same request with 1/16, 2/16 … of the steps.'),
    nodes: z.array(drawnNode),
    edges: z
      .array(z.tuple([place, place]))
      .describe('Saves between the nodes: the place of the pin, and that of the board.'),
    edgesLeftOut: count.describe('Saves between the nodes beyond five for each node.'),
  })
  .meta({ id: 'WalkAnswer' });
