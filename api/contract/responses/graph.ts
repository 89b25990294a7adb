import { z } from 'zod';
import { algorithmNames } from '../../../engine/pipeline/index.ts';
import type { Immutable } from '../../base/index.ts';

const count = z.int().nonnegative();

const degrees = z
  .strictObject({ p50: count, p90: count, p99: count, max: count })
  .meta({ id: 'DegreeSummary', description: 'Percentiles by nearest rank' });

export const graphResponse = z
  .strictObject({
    version: z.string(),
    builtAt: z.iso.datetime().nullable(),
    state: z
      .enum(['empty', 'loading', 'ready', 'swapping', 'draining'])
      .describe(
        'empty: there is no snapshot; swapping: the previous snapshot still serves; draining: the server is stopping',
      ),
    counts: z
      .strictObject({ users: count, boards: count, pins: count, saves: count })
      .meta({ id: 'GraphCounts' }),
    degrees: z.strictObject({ pins: degrees, boards: degrees }),
    bytes: count.describe('Size of the arrays in memory'),
    communities: z
      .array(count)
      .nullable()
      .describe('Communities per level, finest first; null for a graph built without analysis'),
    liveSaves: count.describe('Saves added since the build, already part of the served graph'),
    reserveLeft: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'Free share of the reserve for live saves; below 0.25 a build starts automatically. Null for a graph without live saves.',
      ),
    addedSinceBuild: count.describe(
      'Users, boards, pins and saves in the database that are not in the snapshot',
    ),
    presets: z
      .record(
        z.string(),
        z
          .strictObject({
            algorithm: z.enum(algorithmNames),
            params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
          })
          .meta({ id: 'OwnPreset' }),
      )
      .describe(
        "The data folder's own presets by name, each parameter and lever with its value; one named `feed`, `ideas` or `related` is in place of the built-in one",
      ),
  })
  .meta({ id: 'Graph' });

export type GraphResponse = Immutable<z.output<typeof graphResponse>>;
export type GraphState = GraphResponse['state'];
