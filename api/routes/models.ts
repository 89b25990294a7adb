import { z } from 'zod';
import { type ModelEntry, DataError, activateModel, listModels } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { Problem, noParameters } from '../base/index.ts';
import { modelActivationResponse, modelsResponse } from '../contract/index.ts';
import type { Service } from '../service.ts';

const versionPath = z.strictObject({ version: z.string().min(1).max(64) });

/** Models of how probable an action is, which `pinwalk train` makes. */
export function modelRoutes({ folder }: Service): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/models',
      operationId: 'listModels',
      needsWriter: true,
      tag: 'models',
      summary: 'All models, newest first, with their quality',
      description:
        'At most one model of each label is active: pipelines with that label as `model` rank by it.',
      scope: 'admin',
      params: noParameters,
      query: noParameters,
      response: { status: 200, description: 'The models', schema: modelsResponse },
      problems: [],
      handle: () => ({ body: { models: listModels(folder).map(modelOf) } }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/models/{version}/activate',
      operationId: 'activateModel',
      tag: 'models',
      summary: 'Rank by this model, or roll back to it',
      description:
        'Verifies every byte first. It ranks once interactions have been counted for it, a second later or more; until then, the previous model does.',
      scope: 'admin',
      params: versionPath,
      query: noParameters,
      response: { status: 200, description: 'The model is active', schema: modelActivationResponse },
      problems: ['unknown-model', 'conflict'],
      handle: ({ params: { version } }) => {
        try {
          const { label, previous } = activateModel(folder, version);
          return { body: { version, label, previous: previous ?? null } };
        } catch (error) {
          throw activationProblem(error);
        }
      },
    }),
  ];
}

function modelOf({ version, bytes, trainedAt, active, header }: ModelEntry) {
  const { label = null, learner = null, windowHours = null, rows = null, quality = null } = header ?? {};
  const calibration = (header?.calibration.channels ?? []).map(([channel, slope, intercept]) => {
    return { surface: header!.channels[channel] ?? null, slope, intercept };
  });
  const online = header?.online === true;
  return {
    version,
    label,
    learner,
    online,
    bytes,
    trainedAt,
    active,
    windowHours,
    rows,
    quality,
    calibration,
  };
}

function activationProblem(error: unknown): unknown {
  if (!(error instanceof DataError)) return error;
  if (error.code === 'model-unknown') return new Problem('unknown-model', error.message);
  return error.code === 'model-damaged' ? new Problem('conflict', error.message) : error;
}
