import { z } from 'zod';
import { keyBytesMax } from '../graph-data/index.ts';
import {
  type AlgorithmName,
  type ParamSpec,
  type Params,
  EngineError,
  algorithmNames,
  algorithms,
  presets,
  randomSeedMax,
  resolveParamsOf,
} from '../engine/index.ts';
import { type Filter, filterSchema } from './filter.ts';
import { Problem, type RequestFault } from './problems.ts';

export type PresetName = keyof typeof presets;

/** `POST /v1/recommendations`, defaults filled in. */
export interface RecommendationRequest {
  /** 1 to 100 pins to start from; the same pin twice counts with both weights. */
  readonly query: readonly { readonly pin: string; readonly weight: number }[];
  readonly target: 'pins';
  /** 1 to 1000, default 20. */
  readonly limit: number;
  /** An algorithm, or a preset of one. Default: `related`. */
  readonly algorithm: AlgorithmName | PresetName;
  /** The algorithm's own parameters; docs/parameters.md has their ranges and defaults. */
  readonly params: Params;
  readonly exclude: { readonly pins: readonly string[] };
  readonly filter?: Filter | undefined;
  /** 0 (default) to 1: how much unlikeness counts against relevance. */
  readonly diversity: number;
  /** -1 to 1, default 0: how much a pin's global PageRank counts against it (below 0: for it). */
  readonly hubCorrection: number;
  /** 0 (default) to 1: items below this share of the best score are left out. */
  readonly minRelevance: number;
  /** Whether each item comes with its reason. Default: no. */
  readonly explain: boolean;
  /** Stored fields of each pin to bring along: `title`, `url`, …, or an attribute's name. */
  readonly fields: readonly string[];
  /** 0 to 2^32 - 1, default 1: the same request is answered with the same items. */
  readonly randomSeed: number;
}

const limitDefault = 20;
const limitMax = 1_000;
const queryEntriesMax = 100;
const excludedMax = 10_000;
const fieldsMax = 32;
const randomSeedDefault = 1;
const presetNames = Object.keys(presets) as PresetName[];

const key = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= keyBytesMax, `longer than ${keyBytesMax} bytes`)
  .refine((text) => text.isWellFormed(), 'has half a surrogate pair');
const limit = z.int().min(1).max(limitMax).default(limitDefault);
const algorithm = z.enum([...algorithmNames, ...presetNames]).default('related');
const share = z.number().min(0).max(1).default(0);
const hubCorrection = z.number().min(-1).max(1).default(0);
const explain = z.boolean().default(false);
const randomSeed = z.int().min(0).max(randomSeedMax).default(randomSeedDefault);
const fields = z.array(z.string().min(1).max(200)).max(fieldsMax).default([]);

export const recommendationRequest: z.ZodType<RecommendationRequest> = z
  .strictObject({
    query: z
      .array(z.strictObject({ pin: key, weight: z.number().positive().max(1e9).default(1) }))
      .min(1)
      .max(queryEntriesMax),
    target: z.literal('pins').default('pins'),
    limit,
    algorithm,
    params: z.record(z.string(), z.custom<number | string | boolean>()).default({}),
    exclude: z.strictObject({ pins: z.array(key).max(excludedMax).default([]) }).prefault({}),
    filter: filterSchema.optional(),
    diversity: share,
    hubCorrection,
    minRelevance: share,
    explain,
    fields,
    randomSeed,
  })
  // Also when something else is wrong: all faults are told at once.
  .superRefine(tellParamFaults, { when: ({ value }) => typeof value === 'object' && value !== null });

/** One by one, so that every fault is told. Other parts of the request may be faulty: they are told elsewhere. */
function tellParamFaults(request: RecommendationRequest, context: z.RefinementCtx): void {
  const asked = algorithm.safeParse(request.algorithm);
  if (!asked.success || typeof request.params !== 'object' || request.params === null) return;
  const name = algorithmNameOf(asked.data);
  for (const [param, value] of Object.entries(request.params)) {
    try {
      resolveParamsOf(name, { [param]: value });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const code = Object.hasOwn(algorithms[name], param) ? 'invalid-parameter' : 'unknown-parameter';
      context.addIssue({ code: 'custom', path: ['params', param], message: error.message, params: { code } });
    }
  }
}

/** The algorithm of a request, its parameters resolved: the preset's, under those given. */
export function resolveAlgorithm({
  algorithm: asked,
  params,
}: Pick<RecommendationRequest, 'algorithm' | 'params'>): {
  readonly name: AlgorithmName;
  readonly preset?: PresetName;
  readonly params: Params;
} {
  const name = algorithmNameOf(asked);
  if (!isPreset(asked)) return { name, params: resolveParamsOf(name, params) };
  return { name, preset: asked, params: resolveParamsOf(name, { ...presets[asked].params, ...params }) };
}

function algorithmNameOf(asked: AlgorithmName | PresetName): AlgorithmName {
  return isPreset(asked) ? presets[asked].algorithm : asked;
}

function isPreset(asked: AlgorithmName | PresetName): asked is PresetName {
  return Object.hasOwn(presets, asked);
}

/** A number in a query string: "" and " 1" are no numbers here. */
function fromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text),
    schema,
  );
}

function booleanFromQuery(schema: z.ZodType<boolean>): z.ZodType<boolean> {
  return z.preprocess((text) => (text === 'true' ? true : text === 'false' ? false : text), schema);
}

/** The query string of `GET /v1/pins/{pin}/related`: the scalar parameters of the general form. */
export interface RelatedParameters {
  readonly limit: number;
  readonly algorithm: AlgorithmName | PresetName;
  readonly diversity: number;
  readonly hubCorrection: number;
  readonly minRelevance: number;
  readonly explain: boolean;
  readonly fields: readonly string[];
  readonly randomSeed: number;
  /** Parameters of algorithms, by their names. */
  readonly [param: string]: unknown;
}

export const relatedParameters: z.ZodType<RelatedParameters> = z.strictObject({
  ...Object.fromEntries(
    // Where two algorithms have a parameter of one name, the first one's range counts here.
    Object.values(algorithms)
      .toReversed()
      .flatMap((specs) => Object.entries(specs))
      .map(([name, spec]) => [name, paramFromQuery(spec)]),
  ),
  limit: fromQuery(limit),
  algorithm,
  diversity: fromQuery(share),
  hubCorrection: fromQuery(hubCorrection),
  minRelevance: fromQuery(share),
  explain: booleanFromQuery(explain),
  fields: z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), fields),
  randomSeed: fromQuery(randomSeed),
});

function paramFromQuery(spec: ParamSpec): z.ZodType {
  if (spec.kind === 'boolean') return booleanFromQuery(z.boolean()).optional();
  if (spec.kind === 'choice') return z.enum(spec.values).optional();
  const kind = spec.kind === 'integer' ? z.int() : z.number();
  return fromQuery(kind.min(spec.min).max(spec.max)).optional();
}

/** Routes without parameters: an unknown one is a fault there too. */
export const noParameters: z.ZodType<Record<string, never>> = z.strictObject({});

/** Faults that one problem lists at most: a large body can have as many as it has bytes. */
const faultsMax = 100;

/** The value, or an `invalid-request` problem with every fault at once (up to 100), each with its pointer. */
export function validate<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(faultsOf).slice(0, faultsMax);
  const told = errors.slice(0, 5).map((error) => `${error.pointer || 'the body'}: ${error.detail}`);
  const detail = told.join('; ') + (errors.length > told.length ? '; and more' : '');
  throw new Problem('invalid-request', detail, errors);
}

function faultsOf(issue: z.core.$ZodIssue): RequestFault[] {
  const code = issue.code.replaceAll('_', '-');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({
      pointer: pointerTo([...issue.path, name]),
      code: 'unknown-parameter',
      detail: `there is no parameter ${JSON.stringify(name)}`,
    }));
  }
  const own = issue.code === 'custom' ? (issue.params?.['code'] as string | undefined) : undefined;
  return [{ pointer: pointerTo(issue.path), code: own ?? code, detail: issue.message }];
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
