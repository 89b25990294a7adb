import { z } from 'zod';
import { type Immutable, absenceCauses, problemSchema } from '../../base/index.ts';
import { promotedSummary } from './promoted-summary.ts';

const reason = z
  .strictObject({
    via: z
      .array(
        z.strictObject({
          pin: z.string(),
          board: z.string(),
          paths: z.int(),
          lift: z
            .number()
            .exactOptional()
            .describe(
              'Lift: how many times more often than by chance the two pins share a board, `paths` × boards of the graph / (boards of the one × boards of the other). A lower bound where `paths` is.',
            ),
          isLowerBound: z
            .literal(true)
            .optional()
            .describe('One of the two pins has more boards than were considered: docs/limits.md.'),
        }),
      )
      .describe(
        'Query pins related to the item, most shared boards first: a board that holds both, and the number of such boards.',
      ),
    like: z
      .strictObject({ pin: z.string(), words: z.array(z.string()) })
      .exactOptional()
      .describe(
        'For a pin that shares no board with the query: a pin with similar content, and words that both have.',
      ),
    saves: z.int().exactOptional().describe('For a pin: the boards of the graph that hold it.'),
    bridge: z
      .strictObject({ queryPin: z.string(), queryBoard: z.string(), pin: z.string(), board: z.string() })
      .exactOptional()
      .describe(
        'Present when `via` is empty: a pin that shares one board with the item and another with a query pin.',
      ),
    more: z
      .int()
      .min(1)
      .exactOptional()
      .describe(
        'Number of further query pins, of a board or a user, that are not in `via`; absent when there are none.',
      ),
    text: z.string().describe('The same as an English sentence.'),
  })
  .meta({ id: 'Reason' });

/** The fields of an item of any ranked list. */
export const itemFields = {
  rank: z.int().min(1),
  pin: z.string().exactOptional(),
  board: z.string().exactOptional(),
  user: z.string().exactOptional(),
  score: z.number().describe('Higher is better. Comparable only within one response.'),
  probability: z
    .number()
    .exactOptional()
    .describe(
      'With `model`: the calibrated probability of the action, were the pin shown first; the list is ranked by it, and `score` is what retrieved the pin.',
    ),
  contributions: z
    .strictObject({
      logOdds: z.number(),
      base: z.number(),
      features: z.array(
        z.strictObject({ name: z.string(), value: z.number().nullable(), contribution: z.number() }),
      ),
    })
    .exactOptional()
    .describe(
      'With `model` and `explain`: what each feature moves in the log odds of `probability`, largest first, which are `base` and all of them together. They describe the model, not causes.',
    ),
  propensity: z
    .number()
    .exactOptional()
    .describe(
      'With `exploreShare` or `rareShare`: the probability that this pin stands at this place; 1 where nothing was drawn.',
    ),
  visits: z.int().exactOptional().describe('Visits of the walk, for walks that count them per pin.'),
  promoted: z
    .strictObject({
      campaign: z.string(),
      label: z.string().describe('To be shown beside the pin.'),
      token: z
        .string()
        .describe('Send it with a click or a save on the pin, as `promoted` of `POST /v1/interactions`.'),
    })
    .exactOptional()
    .describe('The campaign that pays for this pin; absent for any other pin.'),
  reason: reason.exactOptional(),
  fields: z
    .record(z.string(), z.unknown())
    .exactOptional()
    .describe('Those of the requested fields that the item has.'),
};

const absence = z
  .strictObject({
    pin: z.string(),
    cause: z.enum(Object.keys(absenceCauses) as [keyof typeof absenceCauses]).describe(
      Object.entries(absenceCauses)
        .map(([cause, meaning]) => `${cause}: ${meaning}`)
        .join('; '),
    ),
    rank: z
      .int()
      .min(1)
      .exactOptional()
      .describe(
        'The place in a list without a limit. Of a pin that `hubCorrection` and `diversity` did not look at: the place among all candidates.',
      ),
    score: z.number().exactOptional(),
    text: z.string().describe('The same as an English sentence.'),
  })
  .meta({ id: 'Absence' });

const item = z.strictObject(itemFields).meta({ id: 'RecommendedItem' });

export const algorithmUsed = z.strictObject({
  name: z.string(),
  preset: z.string().exactOptional(),
  params: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .describe('Every parameter that took effect.'),
});

export const recommendationResponse = z
  .strictObject({
    recommendationId: z.string().describe('Requests the next page, for 30 minutes.'),
    arm: z
      .string()
      .exactOptional()
      .describe(
        'The arm that chose the pipeline, as `experiment/arm`: send it with the impressions, unless `record` is set.',
      ),
    graphVersion: z.string().describe('The snapshot that was walked.'),
    algorithm: algorithmUsed,
    model: z
      .strictObject({ label: z.string(), version: z.string(), asOf: z.iso.datetime() })
      .exactOptional()
      .describe(
        'The model that ranked the list, and the time up to which interactions were counted: the same snapshot, request, model and time return the same list.',
      ),
    randomSeed: z.int(),
    items: z.array(item),
    stats: z
      .object({
        candidates: z.int().describe('Distinct items found before the cut to `limit`.'),
        steps: z.int().exactOptional().describe('Steps of the walk.'),
        stoppedEarly: z.boolean().exactOptional().describe('Whether the walk ended before its last step.'),
        isTruncated: z.boolean().describe('Whether a limit on boards or work cut something: docs/limits.md.'),
        work: z.int().describe('Units of work, each about one walk step: docs/limits.md.'),
        backfilled: z
          .boolean()
          .describe('Whether the algorithm found too few items and more distant ones filled the list.'),
        widened: z.boolean().describe('Former name of the same field.'),
        intraListDiversity: z
          .number()
          .describe('Mean dissimilarity of two pins by their communities, 0 to 1.'),
        meanPopularity: z.number().describe('Mean number of boards per pin.'),
        walkMs: z.number(),
        queueMs: z.number(),
      })
      .catchall(z.union([z.number(), z.boolean()]))
      .describe('Statistics of the algorithm, of the list, and times.'),
    whyNot: z
      .array(absence)
      .exactOptional()
      .describe("For each pin of the request's `whyNot`: its place, or the cause of its absence."),
    promoted: promotedSummary
      .exactOptional()
      .describe('With `promoted` and `explain`: slots of the page without a promoted pin, and why.'),
    missing: z.array(z.string()).describe('Ids of the query that are not in the graph.'),
    fallback: z
      .literal('cold-start')
      .nullable()
      .describe(
        "`cold-start`: the query's users and boards have no saves, so the list holds popular items instead.",
      ),
  })
  .meta({
    id: 'RecommendationResponse',
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
          isTruncated: false,
          work: 9270,
          backfilled: false,
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

export const batchResponse = z
  .strictObject({
    answers: z.array(
      z.union([
        z.strictObject({ status: z.literal(200), answer: recommendationResponse }),
        z.strictObject({ status: z.int(), problem: problemSchema }),
      ]),
    ),
  })
  .meta({ id: 'BatchResponse' });

export type RecommendationResponse = Immutable<z.output<typeof recommendationResponse>>;
/** A recommendation without the id that the server gives it. */
export type RecommendationResult = Omit<RecommendationResponse, 'recommendationId' | 'arm'>;
export type RecommendedItem = RecommendationResponse['items'][number];
export type Absence = Immutable<z.output<typeof absence>>;
export type RecommendationReason = Immutable<z.output<typeof reason>>;
