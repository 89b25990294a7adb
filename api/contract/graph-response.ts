import { z } from 'zod';

const count = z.int().nonnegative();

const degrees = z
  .strictObject({ p50: count, p90: count, p99: count, max: count })
  .meta({ id: 'DegreeSummary', description: 'Percentiles by nearest rank' });

export const graphAnswer: z.ZodType = z
  .strictObject({
    version: z.string(),
    builtAt: z.iso.datetime().nullable(),
    state: z.enum(['empty', 'loading', 'ready', 'swapping', 'draining']),
    counts: z
      .strictObject({ users: count, boards: count, pins: count, saves: count })
      .meta({ id: 'GraphCounts' }),
    degrees: z.strictObject({ pins: degrees, boards: degrees }),
    bytes: count.meta({ description: 'Of the arrays in memory' }),
    communities: z
      .array(count)
      .nullable()
      .meta({ description: 'How many there are on each level, the finest first; null without analysis' }),
    liveSaves: count.meta({ description: 'Saves since the build that walks see already' }),
    reserveLeft: z.number().min(0).max(1).nullable().meta({
      description:
        'Share of the room for such saves that is left; below 0.25 a build begins by itself. Null when the graph is not kept up to date.',
    }),
    addedSinceBuild: count.meta({
      description: 'Users, boards, pins and saves that the database has and the snapshot has not',
    }),
  })
  .meta({ id: 'Graph' });
