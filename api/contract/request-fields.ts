import { z } from 'zod';
import { paramNameLengthMax } from '../../engine/base/index.ts';
import { nodeKinds } from '../../engine/graph/index.ts';
import { type Levers, algorithmNames, leverSpecs, presets } from '../../engine/pipeline/index.ts';
import { randomSeedMax } from '../../engine/random/index.ts';
import { nameLengthMax } from '../../graph-data/interactions/index.ts';
import { interestIdPattern } from '../../graph-data/interests/index.ts';
import { atMostNames } from './at-most-names.ts';
import { filterSchema } from './filter.ts';
import { keySchema } from './writes/index.ts';
import { paramSchema, paramText } from './param-schema.ts';
import { promotedSchema } from './promoted-slots.ts';
import { recordSchema } from './recording.ts';

export const limitMax = 1_000;
const queryEntriesMax = 100;
const excludedMax = 10_000;
const fieldsMax = 32;
const whyNotMax = 5;
/** More than the parameters and levers of any algorithm. */
export const paramsMax = 64;
/** Of a name; longer than the choices of any parameter. */
const paramLengthMax = paramNameLengthMax;

// A data folder's own presets come and go: names are checked with the whole request.
export const algorithm = z
  .union([z.enum([...algorithmNames, ...Object.keys(presets)]), z.string().max(64)])
  .describe(
    "An algorithm, a preset, or one of the data folder's own presets. Default: `feed` for a query with a user, `ideas` with a board, else `related`.",
  )
  // Generated clients take a parameter without a type for an object.
  .meta({ type: 'string' })
  .optional();

type LeverFields = { readonly [Name in keyof Levers]: z.ZodOptional<z.ZodType<Levers[Name]>> };

/** The levers of the pipeline as fields of a request. */
export const leverFields: LeverFields = Object.fromEntries(
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
  interest: z
    .string()
    .regex(interestIdPattern, 'is not the id of an interest')
    .optional()
    .describe('Only pins of this interest of `GET /v1/interests` and its descendants. For pins.'),
  collapse: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'A stored field, such as `picture`: only the best pin with each value is returned; pins without the field are all kept. For pins.',
    ),
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
    board: keySchema.optional().describe('A board: all its pins.'),
    user: keySchema.optional().describe('A user: all their saves.'),
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

export const requestFields = z.strictObject({
  query: z
    .array(queryEntry)
    .min(1)
    .max(queryEntriesMax)
    .describe('The nodes to start from; the weights of repeated entries add up.'),
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
  promoted: promotedSchema.optional(),
  ...commonFields,
});
export type RequestFields = z.output<typeof requestFields>;

export type QueryEntry = RequestFields['query'][number];
