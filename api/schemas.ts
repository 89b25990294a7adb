import { z } from 'zod';
import { keyBytesMax } from '../graph-data/index.ts';
import { pixieDefaults, randomSeedMax, stepsMax } from '../engine/index.ts';
import { Problem, type RequestFault } from './problems.ts';

/** `POST /v1/recommendations`, defaults filled in. */
export interface RecommendationRequest {
  /** 1 to 100 pins to start from; the same pin twice counts with both weights. */
  readonly query: readonly { readonly pin: string; readonly weight: number }[];
  readonly target: 'pins';
  /** 1 to 1000, default 20. */
  readonly limit: number;
  readonly algorithm: 'pixie';
  readonly params: { readonly steps: number; readonly restartProbability: number };
  readonly exclude: { readonly pins: readonly string[] };
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

const key = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= keyBytesMax, `longer than ${keyBytesMax} bytes`)
  .refine((text) => text.isWellFormed(), 'has half a surrogate pair');
const limit = z.int().min(1).max(limitMax).default(limitDefault);
const algorithm = z.literal('pixie').default('pixie');
const steps = z.int().min(1).max(stepsMax).default(pixieDefaults.steps);
const restartProbability = z.number().min(0).max(1).default(pixieDefaults.restartProbability);
const randomSeed = z.int().min(0).max(randomSeedMax).default(randomSeedDefault);
const fields = z.array(z.string().min(1).max(200)).max(fieldsMax).default([]);

export const recommendationRequest: z.ZodType<RecommendationRequest> = z.strictObject({
  query: z
    .array(z.strictObject({ pin: key, weight: z.number().positive().max(1e9).default(1) }))
    .min(1)
    .max(queryEntriesMax),
  target: z.literal('pins').default('pins'),
  limit,
  algorithm,
  params: z.strictObject({ steps, restartProbability }).prefault({}),
  exclude: z.strictObject({ pins: z.array(key).max(excludedMax).default([]) }).prefault({}),
  fields,
  randomSeed,
});

/** A number in a query string: "" and " 1" are no numbers here. */
function fromQuery<Schema extends z.ZodType>(schema: Schema): z.ZodType<z.output<Schema>> {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text),
    schema,
  );
}

/** The query string of `GET /v1/pins/{pin}/related`: the scalar parameters of the general form. */
export interface RelatedParameters {
  readonly limit: number;
  readonly algorithm: 'pixie';
  readonly steps: number;
  readonly restartProbability: number;
  readonly fields: readonly string[];
  readonly randomSeed: number;
}

export const relatedParameters: z.ZodType<RelatedParameters> = z.strictObject({
  limit: fromQuery(limit),
  algorithm,
  steps: fromQuery(steps),
  restartProbability: fromQuery(restartProbability),
  fields: z.preprocess((text) => (typeof text === 'string' ? text.split(',') : text), fields),
  randomSeed: fromQuery(randomSeed),
});

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
  return [{ pointer: pointerTo(issue.path), code, detail: issue.message }];
}

function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
