import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';
import { algorithmUsed, itemFields } from './recommendations.ts';

const count = z.int().nonnegative();
const position = count.describe('A position in `nodes`.');

const walkedItem = z
  .strictObject({
    ...itemFields,
    visits: count.describe('Steps that ended at the pin; for a board or user, steps through it.'),
    visitsByQueryPin: z
      .array(z.strictObject({ pin: z.string(), visits: count }))
      .describe('Most visits first; query pins without visits are left out.'),
    node: position
      .nullable()
      .describe('Its position in `nodes`; null for a user, or when the drawing is full.'),
    ways: z
      .array(
        z.strictObject({
          nodes: z.array(position).describe('A query pin, a board, a pin … the item.'),
          walked: count.describe(
            'Traced paths that start like this; 0 for the path from `reason` when no walker took it.',
          ),
        }),
      )
      .describe(
        'Paths by which walkers reached the item, most walked first, alternating between query pins; at most 8.',
      ),
  })
  .meta({ id: 'WalkedItem' });

const drawnNode = z
  .strictObject({
    kind: z.enum(['pin', 'board']),
    key: z.string(),
    title: z.string().nullable(),
    visits: count.describe('Steps that ended at the pin or passed through the board.'),
  })
  .meta({ id: 'DrawnNode' });

/** The response of `POST /v1/walks`. */
export const walkResponse = z
  .strictObject({
    graphVersion: z.string().describe('The snapshot that was walked.'),
    algorithm: algorithmUsed,
    randomSeed: z.int(),
    items: z.array(walkedItem),
    stats: z.object({ candidates: count, walkMs: z.number() }).catchall(z.union([z.number(), z.boolean()])),
    missing: z.array(z.string()).describe('Ids of the query that are not in the graph.'),
    fallback: z.literal('cold-start').nullable().describe('`cold-start` if no walk took place, else null.'),
    steps: z.strictObject({
      planned: count.describe('Steps that the parameters allow.'),
      walked: count.describe('Steps from the query pins.'),
      second: count.describe('Second steps of sharpening; they belong to no query pin.'),
      stoppedEarly: z.boolean(),
      lost: count.describe('Steps that led nowhere (`boardShrinkage`).'),
      lostExpected: z.number(),
    }),
    restarts: z.strictObject({
      probability: z.number(),
      counted: count,
      expected: z.number(),
      standardDeviation: z.number().describe('Of the count, for independent steps.'),
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
          steps: count.describe('Steps made, second steps included.'),
          overlap: z
            .number()
            .min(0)
            .max(1)
            .describe('Share of the items that this many steps find; 1 when there are none.'),
        }),
      )
      .describe('The same request with 1/16, 2/16 … of the steps.'),
    nodes: z.array(drawnNode),
    edges: z
      .array(z.tuple([position, position]))
      .describe('Saves between the nodes: the position of the pin, then that of the board.'),
    edgesLeftOut: count.describe('Saves between the nodes beyond five per node.'),
  })
  .meta({ id: 'WalkResponse' });

export type WalkResponse = Immutable<z.output<typeof walkResponse>>;
export type WalkedItem = WalkResponse['items'][number];
export type DrawnNode = WalkResponse['nodes'][number];
export type DrawnWay = WalkedItem['ways'][number];
