import { z } from 'zod';
import {
  type Params,
  type Preset,
  type Target,
  EngineError,
  algorithmNames,
  algorithms,
  presets,
  randomSeedMax,
  resolveParamsOf,
} from '../../engine/index.ts';
import { type OwnPresets, keyBytesMax } from '../../graph-data/index.ts';
import { type Filter, filterSchema } from './filter.ts';
import { type PresetName, algorithmNameOf } from './resolve-algorithm.ts';

/** One thing to start from: a pin, a board (its pins) or a user (their saves). */
export interface QueryEntry {
  readonly pin?: string | undefined;
  readonly board?: string | undefined;
  readonly user?: string | undefined;
  readonly weight: number;
}

/** `POST /v1/recommendations`, defaults filled in. */
export interface RecommendationRequest {
  /** 1 to 100 things to start from; the same one twice counts with both weights. */
  readonly query: readonly QueryEntry[];
  /** What to recommend. Default: pins. */
  readonly target: Target;
  /** 1 to 1000, default 20. */
  readonly limit: number;
  /** An algorithm, a preset of one, or a preset of the data folder's own. Default: `feed` for a query with a user, `ideas` with a board, else `related`. */
  readonly algorithm: string;
  /** The data folder's own preset that `algorithm` names, as it was when the request was checked. */
  readonly own?: Preset | undefined;
  /** The algorithm's own parameters; docs/parameters.md has their ranges and defaults. */
  readonly params: Params;
  readonly exclude: {
    readonly pins: readonly string[];
    /** Whether what the query's boards and users have is left out. Default: yes. */
    readonly saved: boolean;
  };
  readonly filter?: Filter | undefined;
  /** 0 (default) to 1: how much unlikeness counts against relevance. */
  readonly diversity: number;
  /** -1 to 1, default 0: how much a pin's global PageRank counts against it (below 0: for it). */
  readonly hubCorrection: number;
  /** 0 (default) to 1: items below this share of the best score are left out. */
  readonly minRelevance: number;
  /** Days in which a user's save comes to count half, from their newest save backwards. Default 180. */
  readonly halfLifeDays: number;
  /** For what is popular, also in place of an answer: only saves of so many days before the newest one count. Default: all. */
  readonly windowDays?: number | undefined;
  /** Whether each item comes with its reason. Default: no. */
  readonly explain: boolean;
  /** Stored fields of each item to bring along: `title`, `url`, …, or an attribute's name. */
  readonly fields: readonly string[];
  /** 0 to 2^32 - 1, default 1: the same request is answered with the same items. */
  readonly randomSeed: number;
}

const limitDefault = 20;
export const limitMax = 1_000;
const queryEntriesMax = 100;
const excludedMax = 10_000;
const fieldsMax = 32;
const halfLifeDaysDefault = 180;
const randomSeedDefault = 1;
const presetNames = Object.keys(presets) as PresetName[];
const targets = ['pins', 'boards', 'users'] as const satisfies readonly Target[];

/** A key of the application. */
export const keySchema: z.ZodType<string> = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= keyBytesMax, `longer than ${keyBytesMax} bytes`)
  .refine((text) => text.isWellFormed(), 'has half a surrogate pair')
  .describe(`A key of the application: any text of up to ${keyBytesMax} bytes in UTF-8.`);

// The presets of a data folder come and go: whether a name is one of them is looked at with the whole request.
const algorithm = z
  .union([z.enum([...algorithmNames, ...presetNames]), z.string().max(64)])
  .describe(
    "An algorithm, a preset of one, or one of the data folder's own presets. Left out: `feed` for a query with a user, `ideas` for one with a board, else `related`.",
  )
  // Clients that are made from the document take a parameter without a type for an object.
  .meta({ type: 'string' });

type CommonName =
  | 'limit'
  | 'diversity'
  | 'hubCorrection'
  | 'minRelevance'
  | 'halfLifeDays'
  | 'windowDays'
  | 'explain'
  | 'fields'
  | 'randomSeed';
type CommonFields = {
  readonly [Name in CommonName]: z.ZodType<RecommendationRequest[Name]>;
};

/** What every way of asking takes, by name. */
export const commonFields: CommonFields = {
  limit: z.int().min(1).max(limitMax).default(limitDefault).describe('How many items at most.'),
  diversity: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much unlikeness to the items above counts against relevance.'),
  hubCorrection: z
    .number()
    .min(-1)
    .max(1)
    .default(0)
    .describe("How much a pin's global PageRank counts against it; below 0, for it."),
  minRelevance: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Items below this share of the best score are left out.'),
  halfLifeDays: z
    .number()
    .positive()
    .max(1e6)
    .default(halfLifeDaysDefault)
    .describe("Days in which a user's save comes to count half, from their newest save backwards."),
  windowDays: z
    .number()
    .positive()
    .max(1e6)
    .optional()
    .describe(
      'For what is popular, also in place of an answer: only saves of so many days before the newest one count.',
    ),
  explain: z.boolean().default(false).describe('Whether each item comes with its reason.'),
  fields: z
    .array(z.string().min(1).max(200))
    .max(fieldsMax)
    .default([])
    .describe("Stored fields of each item to bring along: `title`, `url`, …, or an attribute's name."),
  randomSeed: z
    .int()
    .min(0)
    .max(randomSeedMax)
    .default(randomSeedDefault)
    .describe('The same graph, request and seed are answered with the same items.'),
};

/** Once: zod remembers every schema that it meets, so one made in each request holds up the garbage collection. */
const optionalAlgorithm = algorithm.optional();

/** Names of algorithms and presets, for schemas. */
export const algorithmSchema: z.ZodType<string> = algorithm;

const queryEntry = z
  .strictObject({
    pin: keySchema.optional().describe('Either a pin …'),
    board: keySchema.optional().describe('… or a board, which stands for its pins …'),
    user: keySchema.optional().describe('… or a user, who stands for their saves.'),
    weight: z.number().positive().max(1e9).default(1).describe('What it counts, against the others.'),
  })
  .refine(
    ({ pin, board, user }) => [pin, board, user].filter((key) => key !== undefined).length === 1,
    'has to name a pin, a board or a user, and one of them only',
  );

/** What was asked for, or what goes with the query: the history of a user, the pins of a board, a few pins. */
function withAlgorithm<Request extends { query: readonly QueryEntry[]; algorithm?: string | undefined }>(
  request: Request,
  own: OwnPresets,
): Request & { algorithm: string; own?: Preset | undefined } {
  const { query, algorithm: asked } = request;
  const usual = query.some(({ user }) => user !== undefined)
    ? 'feed'
    : query.some(({ board }) => board !== undefined)
      ? 'ideas'
      : 'related';
  const preset = asked === undefined ? undefined : own.get(asked);
  return { ...request, algorithm: asked ?? usual, ...(preset !== undefined && { own: preset }) };
}

/** The schema of a request that may name one of some presets, as they are at that moment. Make it once: zod remembers it. */
export function requestSchema(own: () => OwnPresets): z.ZodType<RecommendationRequest> {
  return (
    requestFields
      // Also when something else is wrong: all faults are told at once.
      .superRefine((request, context) => tellAlgorithmFaults(request, context, own()), {
        when: ({ value }) => typeof value === 'object' && value !== null,
      })
      .transform((request) => withAlgorithm(request, own()))
      .meta({
        id: 'RecommendationRequest',
        examples: [
          {
            query: [{ pin: 'express', weight: 2 }, { pin: 'mongoose' }],
            limit: 5,
            exclude: { pins: ['mocha'] },
            explain: true,
          },
        ],
      })
  );
}

const requestFields = z.strictObject({
  query: z
    .array(queryEntry)
    .min(1)
    .max(queryEntriesMax)
    .describe('What to start from; the same thing twice counts with both weights.'),
  target: z.enum(targets).default('pins').describe('What to recommend.'),
  algorithm: optionalAlgorithm,
  params: z
    .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
    .default({})
    .describe(
      "The algorithm's own parameters, by name; those of a preset stand where none are given. GET shorthands list them all.",
    ),
  exclude: z
    .strictObject({
      pins: z.array(keySchema).max(excludedMax).default([]),
      saved: z
        .boolean()
        .default(true)
        .describe("Whether what the query's boards and users have is left out."),
    })
    .prefault({}),
  filter: filterSchema.optional(),
  ...commonFields,
});

/** A request that names no preset of a data folder's own. */
export const recommendationRequest: z.ZodType<RecommendationRequest> = requestSchema(() => new Map());

/** One by one, so that every fault is told. Other parts of the request may be faulty: they are told elsewhere. */
function tellAlgorithmFaults(
  request: { algorithm?: unknown; params?: unknown; query?: unknown },
  context: z.RefinementCtx,
  own: OwnPresets,
): void {
  const asked = optionalAlgorithm.safeParse(request.algorithm);
  const { params } = request;
  if (!asked.success) return;
  // Whatever the query is, the presets that stand in for a missing algorithm are all of one.
  const name = algorithmNameOf(asked.data ?? 'related', own.get(asked.data ?? ''));
  if (name === undefined) {
    const names = [...algorithmNames, ...presetNames, ...own.keys()].join(', ');
    const message = `there is no algorithm or preset ${JSON.stringify(asked.data)}; there are ${names}`;
    context.addIssue({ code: 'custom', path: ['algorithm'], message, params: { code: 'invalid-value' } });
    return;
  }
  if (typeof params !== 'object' || params === null) return;
  for (const [param, value] of Object.entries(params)) {
    try {
      resolveParamsOf(name, { [param]: value });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const code = Object.hasOwn(algorithms[name], param) ? 'invalid-parameter' : 'unknown-parameter';
      context.addIssue({ code: 'custom', path: ['params', param], message: error.message, params: { code } });
    }
  }
}
