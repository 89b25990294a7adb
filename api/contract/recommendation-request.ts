import { z } from 'zod';
import {
  type Levers,
  type OwnPresets,
  type Params,
  type Pipeline,
  algorithmNames,
  changeSettings,
  faultsOf,
  leverSpecs,
  nodeKinds,
  presets,
  randomSeedMax,
  resolvePipeline,
  settingsNamed,
  unknownName,
} from '../../engine/index.ts';
import { invalidRequest, pointerTo } from '../base/index.ts';
import { atMostNames } from './at-most-names.ts';
import { filterSchema } from './filter.ts';
import { nameLengthMax } from '../../graph-data/interactions/index.ts';
import { keySchema } from './key-schema.ts';
import { paramSchema, paramText } from './param-schema.ts';
import { type Recording, recordSchema, viewerOf } from './recording.ts';

export const limitMax = 1_000;
const queryEntriesMax = 100;
const excludedMax = 10_000;
const fieldsMax = 32;
const whyNotMax = 5;
/** More than the parameters and levers of any algorithm. */
const paramsMax = 64;
/** Longer than the choices of any parameter. */
const paramLengthMax = 64;

// A data folder's own presets come and go: names are checked with the whole request.
const algorithm = z
  .union([z.enum([...algorithmNames, ...Object.keys(presets)]), z.string().max(64)])
  .describe(
    "An algorithm, a preset, or one of the data folder's own presets. Default: `feed` for a query with a user, `ideas` with a board, else `related`.",
  )
  // Generated clients take a parameter without a type for an object.
  .meta({ type: 'string' })
  .optional();

type LeverFields = { readonly [Name in keyof Levers]: z.ZodOptional<z.ZodType<Levers[Name]>> };

/** The levers of the pipeline as fields of a request. */
const leverFields: LeverFields = Object.fromEntries(
  Object.entries(leverSpecs).map(([name, spec]) => [
    name,
    paramSchema(spec).optional().describe(paramText(spec)),
  ]),
) as unknown as LeverFields;

/** Scalar fields that every form of a request takes. */
export const commonFields = {
  algorithm,
  limit: z.int().min(1).max(limitMax).default(20).describe('Items at most.'),
  ...leverFields,
  explain: z.boolean().default(false).describe('Whether each item comes with its reason.'),
  fields: z
    .array(z.string().min(1).max(200))
    .max(fieldsMax)
    .default([])
    .describe('Stored fields to return with each item: `title`, `url`, …, or the name of an attribute.'),
  randomSeed: z
    .int()
    .min(0)
    .max(randomSeedMax)
    .default(1)
    .describe('The same graph, request and seed return the same items.'),
  surface: z
    .string()
    .min(1)
    .max(nameLengthMax)
    .optional()
    .describe(
      'Where the list is shown: an experiment of this surface chooses the pipeline, unless the request names an algorithm, a parameter or a lever. For pins.',
    ),
  viewer: keySchema
    .refine((key) => key !== '', 'is empty')
    .optional()
    .meta({ minLength: 1 })
    .describe(
      "Who sees the list: a user, or the key of a visitor without an account, who need not exist. Default: the query's first user.",
    ),
};

const queryEntry = z
  .strictObject({
    pin: keySchema.optional().describe('A pin.'),
    board: keySchema.optional().describe('A board, which stands for its pins.'),
    user: keySchema.optional().describe('A user, who stands for their saves.'),
    weight: z.number().positive().max(1e9).default(1).describe('Weight relative to the other entries.'),
  })
  .refine(
    ({ pin, board, user }) => [pin, board, user].filter((key) => key !== undefined).length === 1,
    'names not exactly one of pin, board and user',
  )
  .meta({ oneOf: ['pin', 'board', 'user'].map((name) => ({ required: [name] })) });

/** Parameters and levers by name; the pipeline checks their values. */
export const paramsSchema: z.ZodType<Record<string, number | string | boolean>> = atMostNames(
  z.record(z.string(), z.union([z.number(), z.string().max(paramLengthMax), z.boolean()])),
  paramsMax,
  `has over ${paramsMax} names`,
);

const requestFields = z.strictObject({
  query: z
    .array(queryEntry)
    .min(1)
    .max(queryEntriesMax)
    .describe('What to start from; the weights of repeated entries add up.'),
  target: z.enum(nodeKinds).default('pins').describe('What to recommend.'),
  params: paramsSchema
    .default({})
    .describe(
      "The algorithm's parameters, by name, in place of the preset's values. The GET shorthands list them all.",
    ),
  exclude: z
    .strictObject({
      pins: z.array(keySchema).max(excludedMax).default([]),
      saved: z
        .boolean()
        .default(true)
        .describe("Whether to leave out what the query's boards and users have saved."),
    })
    .prefault({}),
  filter: filterSchema.optional(),
  whyNot: z
    .array(keySchema)
    .max(whyNotMax)
    .default([])
    .describe('Pins whose place in the list, or cause of absence, the response gives in `whyNot`.'),
  record: recordSchema.optional(),
  ...commonFields,
});
export type RequestFields = z.output<typeof requestFields>;

export type QueryEntry = RequestFields['query'][number];

/** A request as an application writes it. */
export type RecommendationInput = z.input<typeof requestFields>;

/** `POST /v1/recommendations`, checked: what its settings come to is one pipeline. */
export interface RecommendationRequest extends Omit<
  RequestFields,
  'params' | 'algorithm' | 'filter' | 'record' | 'surface' | 'viewer' | keyof Levers
> {
  /** The algorithm or preset that the request names, or the default for its query. */
  readonly algorithm: string;
  readonly pipeline: Pipeline;
  /** Pointer to the field that asks for item weights: without them, the request is refused. Presets only use them. */
  readonly weightsFrom: string | undefined;
  readonly filter?: RequestFields['filter'];
  /** Whose impressions are recorded, if any are. */
  readonly record?: Recording;
  /** Present if an experiment may choose the pipeline: of this surface, for this person or visitor. */
  readonly enrollment?: { readonly surface: string; readonly viewer: string };
  /** The arm of an experiment that has chosen the pipeline. */
  readonly arm?: string;
}

/**
 * The schema of a request that may name one of some presets, as they are at that moment. Make it once: zod keeps every
 * schema it has met, so one made in each request holds up the garbage collection.
 */
export function requestSchema(own: () => OwnPresets): z.ZodType<RecommendationRequest, RecommendationInput> {
  return (
    requestFields
      .refine(({ target, whyNot }) => target === 'pins' || whyNot.length === 0, {
        path: ['whyNot'],
        message: 'is only for the target pins',
      })
      .refine(({ target, record }) => record === undefined || target === 'pins', {
        path: ['record'],
        message: 'is only for the target pins',
      })
      .refine((fields) => fields.record === undefined || viewerOf(fields) !== undefined, {
        path: ['record'],
        message: 'has no user, and neither has the query',
      })
      .refine(({ record, viewer }) => [undefined, viewerOf({ query: [], record, viewer })].includes(viewer), {
        path: ['viewer'],
        message: 'is not the user of `record`',
      })
      // Also when something else is wrong: every fault is reported at once.
      .superRefine(
        (request, context) => {
          for (const { path, message, code } of pipelineFaults(request, own())) {
            context.addIssue({ code: 'custom', path, message, params: { code } });
          }
        },
        { when: ({ value }) => typeof value === 'object' && value !== null },
      )
      .transform((request) => withPipeline(request, own()))
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

/** A request without exclusions, from valid fields. Throws `invalid-request` with the faults of its pipeline. */
export function completeRequest(
  given: Omit<RequestFields, 'exclude' | 'whyNot'>,
  own: OwnPresets,
): RecommendationRequest {
  const fields = { ...given, exclude: { pins: [], saved: true }, whyNot: [] };
  const faults = pipelineFaults(fields, own);
  if (faults.length === 0) return withPipeline(fields, own);
  throw invalidRequest(
    faults.map(({ path, message, code }) => ({ pointer: pointerTo(path), code, detail: message })),
  );
}

/** The schema of a request that cannot name presets of a data folder. */
export const recommendationRequest: z.ZodType<RecommendationRequest, RecommendationInput> = requestSchema(
  () => new Map(),
);

/** The preset for a query that names none. */
function defaultPreset(query: readonly Partial<QueryEntry>[]): string {
  if (query.some((entry) => entry?.user !== undefined)) return 'feed';
  return query.some((entry) => entry?.board !== undefined) ? 'ideas' : 'related';
}

/** Parameters and levers that a request sets. */
function changesOf(
  request: { readonly params: Params } & { readonly [Name in keyof Levers]?: unknown },
): Params {
  const levers = Object.keys(leverSpecs).flatMap((name) => {
    const value = request[name as keyof Levers];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...request.params, ...Object.fromEntries(levers) };
}

interface PipelineFault {
  readonly path: string[];
  readonly code: string;
  readonly message: string;
}

/** Faults of algorithm, parameters and surface, by their path; whatever else is faulty is reported elsewhere. */
function pipelineFaults(
  request: Partial<Record<keyof RequestFields, unknown>>,
  own: OwnPresets,
): PipelineFault[] {
  const isForPins = request.surface === undefined || (request.target ?? 'pins') === 'pins';
  const surfaceFault = { path: ['surface'], code: 'custom', message: 'is only for the target pins' };
  return [...(isForPins ? [] : [surfaceFault]), ...settingFaults(request, own)];
}

/** Faults of algorithm and parameters, by their path; whatever else is faulty is reported elsewhere. */
function settingFaults(
  request: Partial<Record<keyof RequestFields, unknown>>,
  own: OwnPresets,
): PipelineFault[] {
  const named = algorithm.safeParse(request.algorithm);
  if (!named.success) return [];
  const query = Array.isArray(request.query) ? (request.query as Partial<QueryEntry>[]) : [];
  const name = named.data ?? defaultPreset(query);
  const settings = settingsNamed(name, own);
  if (settings === undefined) {
    return [{ path: ['algorithm'], code: 'invalid-value', message: unknownName(name, own) }];
  }
  const { params } = request;
  if (typeof params !== 'object' || params === null || Object.keys(params).length > paramsMax) return [];
  const sound = Object.fromEntries(
    Object.entries(leverFields)
      .filter(([lever, schema]) => schema.safeParse(request[lever as keyof Levers]).success)
      .map(([lever]) => [lever, request[lever as keyof Levers]]),
  );
  const target = nodeKinds.find((each) => each === request.target) ?? 'pins';
  const changes = changesOf({ ...sound, params: params as Params });
  return faultsOf(changeSettings(settings, changes, target), target).map((fault) => {
    const isField = fault.name === 'target' || (fault.name in leverSpecs && !(fault.name in params));
    return {
      path: isField ? [fault.name] : ['params', fault.name],
      code: fault.code,
      message: fault.message,
    };
  });
}

/** A valid request, with what its settings come to as one pipeline. */
function withPipeline(fields: RequestFields, own: OwnPresets): RecommendationRequest {
  const { query, target, limit, exclude, filter, whyNot, explain, fields: shown, randomSeed } = fields;
  const { record, surface } = fields;
  const viewer = viewerOf(fields);
  const names = typeof record === 'object' ? record : {};
  const name = fields.algorithm ?? defaultPreset(query);
  const changes = changesOf(fields);
  const settings = changeSettings(settingsNamed(name, own)!, changes, target);
  const pipeline = resolvePipeline(settings, target);
  const isDefault = fields.algorithm === undefined && Object.keys(changes).length === 0;
  return {
    query,
    target,
    limit,
    algorithm: name,
    pipeline,
    weightsFrom: weightsFrom(pipeline, changes, fields),
    exclude,
    filter,
    whyNot,
    explain,
    fields: shown,
    randomSeed,
    ...(record !== undefined && viewer !== undefined && { record: { surface, ...names, user: viewer } }),
    ...(isDefault && surface !== undefined && viewer !== undefined && { enrollment: { surface, viewer } }),
  };
}

function weightsFrom(
  { candidates }: Pipeline,
  { linearShare = 0 }: Params,
  { params }: RequestFields,
): string | undefined {
  if (candidates.algorithm === 'linear') return '/algorithm';
  if (linearShare === 0) return undefined;
  return Object.hasOwn(params, 'linearShare') ? '/params/linearShare' : '/linearShare';
}
