import type { z } from 'zod';
import { nodeKinds } from '../../engine/graph/index.ts';
import {
  type Levers,
  type OwnPresets,
  type Params,
  type Pipeline,
  type PipelineSettings,
  changeSettings,
  faultsOf,
  leverSpecs,
  resolvePipeline,
  settingsForTarget,
  settingsNamed,
  unknownName,
} from '../../engine/pipeline/index.ts';
import { invalidRequest, pointerTo } from '../base/index.ts';
import { type PromotedSlots, faultsOfSlots, noViewer, slotsOf } from './promoted-slots.ts';
import { type Recording, viewerOf } from './recording.ts';
import {
  type QueryEntry,
  type RequestFields,
  algorithm,
  leverFields,
  paramsMax,
  requestFields,
} from './request-fields.ts';

/** A request as an application writes it. */
export type RecommendationInput = z.input<typeof requestFields>;

/** `POST /v1/recommendations`, checked: its settings are resolved to one pipeline. */
export interface RecommendationRequest extends Omit<
  RequestFields,
  | 'params'
  | 'algorithm'
  | 'filter'
  | 'interest'
  | 'collapse'
  | 'record'
  | 'promoted'
  | 'surface'
  | 'viewer'
  | keyof Levers
> {
  /** The algorithm or preset that the request names, or the default for its query. */
  readonly algorithm: string;
  readonly pipeline: Pipeline;
  /**
   * Pointer to the field that requires item weights: without them, the request is refused. Presets only use
   * them.
   */
  readonly weightsFrom: string | undefined;
  readonly filter?: RequestFields['filter'];
  /** Id of the interest that the list is restricted to. */
  readonly interest?: string;
  /** The field of which a list has each value once. */
  readonly collapse?: string;
  /** Whose impressions are recorded, if any are. */
  readonly record?: Recording;
  /** Present if an experiment may choose the pipeline: of this surface, for this person or visitor. */
  readonly enrollment?: { readonly surface: string; readonly viewer: string };
  /** Who sees the list, if they have hidden interests. */
  readonly hiddenFor?: string;
  /** Who sees the list, and where, as far as the request says: a model scores for them. */
  readonly audience?: { readonly user?: string | undefined; readonly surface?: string | undefined };
  /** Which ranks campaigns may take. */
  readonly promoted?: PromotedSlots;
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
      .refine(({ target, interest }) => interest === undefined || target === 'pins', {
        path: ['interest'],
        message: 'is only for the target pins',
      })
      .refine(({ collapse, whyNot }) => collapse === undefined || whyNot.length === 0, {
        path: ['collapse'],
        message: 'cannot be combined with `whyNot`',
      })
      .refine(({ target, record }) => record === undefined || target === 'pins', {
        path: ['record'],
        message: 'is only for the target pins',
      })
      .refine((fields) => fields.record === undefined || viewerOf(fields) !== undefined, {
        path: ['record'],
        message: 'has no user, and neither has the query',
      })
      .refine(({ target, promoted }) => promoted === undefined || target === 'pins', {
        path: ['promoted'],
        message: 'is only for the target pins',
      })
      .refine((fields) => fields.promoted === undefined || viewerOf(fields) !== undefined, {
        path: ['promoted'],
        message: noViewer,
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
      .transform((request) => {
        const changes = changesOf(request);
        return withPipeline(request, changes, pipelineOf(request, changes, own()));
      })
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

/**
 * Makes requests without exclusions, from valid fields. Throws `invalid-request` with the faults of its pipeline. Keeps the
 * pipeline of each preset that is used as it is: to check and resolve it takes as long as all else of a request.
 */
export function requestCompleter(
  own: () => OwnPresets,
): (given: Omit<RequestFields, 'exclude' | 'whyNot'>) => RecommendationRequest {
  const pipelines = new WeakMap<PipelineSettings, Pipeline>();
  return (given) => {
    const fields = { ...given, exclude: { pins: [], saved: true }, whyNot: [] };
    const changes = changesOf(fields);
    const { target, surface } = fields;
    const slotFaults = faultsOfSlots(fields);
    const isSound = surface === undefined && slotFaults.length === 0;
    const isAsItIs = target === 'pins' && isSound && Object.keys(changes).length === 0;
    const preset = isAsItIs ? settingsNamed(nameOf(fields), own()) : undefined;
    const known = preset && pipelines.get(preset);
    if (known !== undefined) return withPipeline(fields, changes, known);
    const faults = [...pipelineFaults(fields, own()), ...slotFaults];
    if (faults.length > 0) {
      throw invalidRequest(
        faults.map(({ path, message, code }) => ({ pointer: pointerTo(path), code, detail: message })),
      );
    }
    const pipeline = pipelineOf(fields, changes, own());
    if (preset !== undefined) pipelines.set(preset, pipeline);
    return withPipeline(fields, changes, pipeline);
  };
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

/** Faults of algorithm, parameters and surface, by their path; other faults are reported elsewhere. */
function pipelineFaults(
  request: Partial<Record<keyof RequestFields, unknown>>,
  own: OwnPresets,
): PipelineFault[] {
  const isForPins = (request.target ?? 'pins') === 'pins';
  const ofPins = (['surface', 'collapse'] as const).filter(
    (name) => !isForPins && request[name] !== undefined,
  );
  const targetFaults = ofPins.map((name) => {
    return { path: [name], code: 'custom', message: 'is only for the target pins' };
  });
  return [...targetFaults, ...settingFaults(request, own)];
}

/** Faults of algorithm and parameters, by their path; other faults are reported elsewhere. */
function settingFaults(
  request: Partial<Record<keyof RequestFields, unknown>>,
  own: OwnPresets,
): PipelineFault[] {
  const named = algorithm.safeParse(request.algorithm);
  if (!named.success) return [];
  const query = Array.isArray(request.query) ? (request.query as Partial<QueryEntry>[]) : [];
  const name = named.data ?? defaultPreset(query);
  const target = nodeKinds.find((each) => each === request.target) ?? 'pins';
  const settings = settingsForTarget(name, target, own);
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

/** The algorithm or preset of a request. */
function nameOf({ algorithm: named, query }: Pick<RequestFields, 'algorithm' | 'query'>): string {
  return named ?? defaultPreset(query);
}

/** The resolved settings of a valid request. */
function pipelineOf(fields: RequestFields, changes: Params, own: OwnPresets): Pipeline {
  const { target } = fields;
  const settings = settingsForTarget(nameOf(fields), target, own)!;
  return resolvePipeline(changeSettings(settings, changes, target), target);
}

/** A valid request with its pipeline. */
function withPipeline(fields: RequestFields, changes: Params, pipeline: Pipeline): RecommendationRequest {
  const { query, target, limit, exclude, filter, whyNot, explain, fields: shown, randomSeed } = fields;
  const { record, promoted, surface, interest, collapse } = fields;
  const viewer = viewerOf(fields);
  const names = typeof record === 'object' ? record : {};
  const slots = slotsOf(promoted, viewer, names.surface ?? surface);
  const isDefault = fields.algorithm === undefined && Object.keys(changes).length === 0;
  return {
    query,
    target,
    limit,
    algorithm: nameOf(fields),
    pipeline,
    weightsFrom: weightsFrom(pipeline, changes, fields),
    exclude,
    filter,
    ...(interest !== undefined && { interest }),
    ...(collapse !== undefined && { collapse }),
    whyNot,
    explain,
    fields: shown,
    randomSeed,
    ...(record !== undefined && viewer !== undefined && { record: { surface, ...names, user: viewer } }),
    ...(slots !== undefined && { promoted: slots }),
    ...((viewer ?? names.surface ?? surface) !== undefined && {
      audience: { user: viewer, surface: names.surface ?? surface },
    }),
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
