import { z } from 'zod';

const source = z.enum(['text', 'walk']);

const item = z
  .strictObject({
    rank: z.int().min(1),
    pin: z.string().optional(),
    board: z.string().optional(),
    user: z.string().optional(),
    title: z.string().nullable().optional().meta({ description: 'Of pins and boards' }),
    boards: z
      .int()
      .nonnegative()
      .optional()
      .meta({ description: 'Of a pin: boards that it is on; of a user: their boards' }),
    pins: z.int().nonnegative().optional().meta({ description: 'Of a board: pins on it' }),
    source: source.meta({ description: 'text: it has the words; walk: it is near what has them' }),
  })
  .meta({ id: 'SearchItem' });

export const searchAnswer: z.ZodType = z
  .strictObject({
    q: z.string(),
    kind: z.enum(['pins', 'boards', 'users']),
    graphVersion: z.string().nullable().meta({ description: 'null when no graph is loaded' }),
    items: z.array(item),
  })
  .meta({ id: 'SearchAnswer' });
