import { z } from 'zod';
import { problemTypes } from '../base/index.ts';

/** Schemas of answers: what the OpenAPI document says, and what the contract test holds the server to. */

const reason = z
  .strictObject({
    via: z
      .array(z.strictObject({ pin: z.string(), board: z.string(), paths: z.int() }))
      .describe(
        'Query pins that it has to do with, most boards first: a board that holds both, and how many do.',
      ),
    bridge: z
      .strictObject({ queryPin: z.string(), queryBoard: z.string(), pin: z.string(), board: z.string() })
      .optional()
      .describe('Where `via` is empty: a pin that shares a board with it and another with a query pin.'),
    text: z.string().describe('The same for people, in English.'),
  })
  .meta({ id: 'Reason' });

/** The fields of an item, wherever there is one. */
export const itemFields: Readonly<Record<string, z.ZodType>> = {
  rank: z.int().min(1),
  pin: z.string().optional(),
  board: z.string().optional(),
  user: z.string().optional(),
  score: z.number().describe('Larger is better. Compare within an answer only.'),
  visits: z.int().optional().describe('Of the walk, where it counts them at pins.'),
  reason: reason.optional(),
  fields: z.record(z.string(), z.unknown()).optional().describe('Those asked for that the item has.'),
};

const item = z.strictObject(itemFields).meta({ id: 'RecommendedItem' });

export const algorithmUsed: z.ZodType = z.strictObject({
  name: z.string(),
  preset: z.string().optional(),
  params: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .describe('Every parameter that had a part in the answer.'),
});

export const recommendationAnswer: z.ZodType = z
  .strictObject({
    recommendationId: z.string().describe('Asks for the next page, for 30 minutes.'),
    graphVersion: z.string().describe('The snapshot that was walked.'),
    algorithm: algorithmUsed,
    randomSeed: z.int(),
    items: z.array(item),
    stats: z.looseObject({
      candidates: z.int(),
      widened: z
        .boolean()
        .describe('Whether the algorithm alone found too few, and others were added from further away.'),
      intraListDiversity: z.number().describe('Mean unlikeness of two pins by their communities, 0 to 1.'),
      meanPopularity: z.number().describe('Mean number of boards of the pins.'),
      walkMs: z.number(),
      queueMs: z.number(),
    }),
    missing: z.array(z.string()).describe('Ids of the query that are not in the graph.'),
    fallback: z
      .literal('cold-start')
      .nullable()
      .describe(
        "`cold-start`: the query's users and boards have saved nothing; the items are what is popular.",
      ),
  })
  .meta({
    id: 'RecommendationAnswer',
    examples: [
      {
        recommendationId: '01M7ZD852ZTKTRJKMCQ03GY2XT',
        graphVersion: 'efff421aec48be5e',
        algorithm: { name: 'pixie', preset: 'related', params: { steps: 10_000, restartProbability: 0.5 } },
        randomSeed: 1,
        items: [
          {
            rank: 1,
            pin: 'mocha',
            score: 0.0307,
            reason: {
              via: [{ pin: 'express', board: 'mocha-shot/dependencies', paths: 269 }],
              text: 'saved with express on 269 boards',
            },
          },
        ],
        stats: {
          steps: 5000,
          candidates: 8164,
          widened: false,
          intraListDiversity: 1,
          meanPopularity: 47402,
          walkMs: 5.2,
          queueMs: 0,
        },
        missing: [],
        fallback: null,
      },
    ],
  });

export const problemBody: z.ZodType = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemTypes)),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Problem' });

export const batchAnswer: z.ZodType = z
  .strictObject({
    answers: z.array(
      z.union([
        z.strictObject({ status: z.literal(200), answer: recommendationAnswer }),
        z.strictObject({ status: z.int(), problem: problemBody }),
      ]),
    ),
  })
  .meta({ id: 'BatchAnswer' });

const snapshotEntry = z
  .strictObject({
    version: z.string(),
    bytes: z.int(),
    builtAt: z.iso.datetime(),
    active: z.boolean(),
    served: z.boolean(),
  })
  .meta({ id: 'Snapshot' });

export const snapshotList: z.ZodType = z
  .strictObject({ snapshots: z.array(snapshotEntry) })
  .meta({ id: 'SnapshotList' });

export const activationAnswer: z.ZodType = z
  .strictObject({
    version: z.string(),
    previous: z.string().nullable(),
    overlap: z.number().min(0).max(1).nullable(),
    swapMs: z.number(),
  })
  .meta({ id: 'ActivationAnswer' });

export const jobAnswer: z.ZodType = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    phase: z.string().nullable(),
    done: z.number().nullable(),
    total: z.number().nullable(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    problem: z.strictObject({ code: z.enum(Object.keys(problemTypes)), detail: z.string() }).nullable(),
  })
  .meta({ id: 'Job' });

export const jobList: z.ZodType = z.strictObject({ jobs: z.array(jobAnswer) }).meta({ id: 'JobList' });
