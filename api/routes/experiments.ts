import { dayMs } from '../../graph-data/index.ts';
import { noParameters } from '../base/index.ts';
import { reportBody } from '../experiments/index.ts';
import {
  experimentPath,
  experimentReportResponse,
  experimentRequest,
  experimentResponse,
  experimentsResponse,
  promotionRequest,
  removalResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import type { Service } from '../service.ts';

const common = {
  tag: 'experiments',
  scope: 'admin',
  query: noParameters,
} as const;
const one = { ...common, path: '/v1/experiments/{id}', params: experimentPath } as const;

/** Experiments: which requests run which pipeline, and with what results. */
export function experimentRoutes({ experiments, presets, reports, wallClock }: Service): Route[] {
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/experiments',
      operationId: 'listExperiments',
      summary: 'All experiments, by id',
      params: noParameters,
      response: { status: 200, description: 'The experiments', schema: experimentsResponse },
      problems: [],
      handle: () => ({ body: { experiments: experiments.list() } }),
    }),
    defineRoute({
      ...one,
      method: 'get',
      operationId: 'getExperiment',
      summary: 'An experiment',
      response: { status: 200, description: 'The experiment', schema: experimentResponse },
      problems: ['unknown-experiment'],
      handle: ({ params: { id } }) => ({ body: experiments.find(id) }),
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/experiments/{id}/report',
      params: experimentPath,
      operationId: 'reportExperiment',
      needsWriter: true,
      summary: 'Report on an experiment: exposures, effects with intervals valid at any time, guardrails',
      description:
        'Counts everybody with an impression of an arm since the start, and the actions that followed. The first report reads all days ' +
        'of the experiment and the four weeks before it; later reports read only days that have changed.',
      response: { status: 200, description: 'The report', schema: experimentReportResponse },
      problems: ['unknown-experiment', 'overloaded'],
      handle: async ({ params: { id }, signal }) => {
        const experiment = experiments.definition(id);
        const until = Math.floor(wallClock() / dayMs);
        const report = await reports.experiment(id, experiment, until, signal);
        return { body: reportBody(experiments.find(id), experiment, report) };
      },
    }),
    defineRoute({
      ...one,
      method: 'put',
      operationId: 'putExperiment',
      summary: 'Create or replace an experiment: each arm is a pipeline for a share of the people',
      description:
        "Requests with its `surface` run the pipeline of their viewer's arm. Changing the arms, people or surface of an experiment that has " +
        'begun requires `restart`.',
      body: experimentRequest(() => presets.presets),
      response: { status: 200, description: 'The experiment is durable', schema: experimentResponse },
      problems: ['conflict', 'storage-unavailable'],
      handle: ({ params: { id }, body }) => ({ body: experiments.put(id, body) }),
    }),
    defineRoute({
      ...one,
      method: 'delete',
      operationId: 'removeExperiment',
      summary: 'Delete an experiment: its surface runs the default pipeline again',
      description: 'Its interactions are kept. Deleting an experiment that does not exist is not an error.',
      response: { status: 200, description: 'The experiment is removed', schema: removalResponse },
      problems: ['storage-unavailable'],
      handle: ({ params: { id } }) => ({ body: { result: experiments.remove(id) } }),
    }),
    defineRoute({
      ...common,
      method: 'post',
      path: '/v1/experiments/{id}/promotion',
      params: experimentPath,
      operationId: 'promoteArm',
      summary: 'End an experiment and save the pipeline of an arm as a preset',
      description:
        'Safe to repeat. A preset named `related`, `ideas` or `feed` becomes the default of those requests.',
      body: promotionRequest,
      response: { status: 200, description: 'The experiment has ended', schema: experimentResponse },
      problems: ['unknown-experiment', 'storage-unavailable'],
      handle: ({ params: { id }, body: { arm, preset } }) => ({ body: experiments.promote(id, arm, preset) }),
    }),
  ];
}
