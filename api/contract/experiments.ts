import { z } from 'zod';
import {
  type OwnPresets,
  type Params,
  changeSettings,
  faultsOf,
  settingsNamed,
  unknownName,
} from '../../engine/pipeline/index.ts';
import { armFields, armsMax, experimentFields, experimentId } from '../../graph-data/experiments/index.ts';
import { presetNameFault, presetNameForm } from '../../graph-data/presets/index.ts';
import type { Immutable } from '../base/index.ts';
import { filterSchema } from './filter.ts';
import { paramsSchema } from './request-fields.ts';
import { timeSchema } from './writes/index.ts';

const arm = z
  .strictObject({
    ...armFields,
    algorithm: z
      .string()
      .max(64)
      .optional()
      .describe(
        "Name of an algorithm or a preset, which may be one of the data folder's own. Later changes of the preset do not affect the arm. Default: what the request would run anyway.",
      ),
    params: paramsSchema
      .optional()
      .describe('Parameters and levers that differ from those of `algorithm`, by name.'),
  })
  .refine(({ algorithm, params }) => algorithm !== undefined || params === undefined, {
    path: ['algorithm'],
    message: 'is missing, and `params` need one',
  });

const fields = {
  ...experimentFields,
  users: filterSchema
    .optional()
    .describe('Restricts the experiment to people whose user attributes match, in the form of `filter`.'),
  arms: z
    .array(arm)
    .min(2)
    .max(armsMax)
    .describe('The first arm is the control; the report compares the others with it.'),
};

const requestFields = z.strictObject({
  ...fields,
  start: timeSchema.optional().describe('Default: now, or the start of the experiment that it replaces.'),
  end: timeSchema.nullable().optional().describe('Default: none.'),
  restart: z
    .boolean()
    .default(false)
    .describe(
      'Required to change the arms, people or surface of a running experiment: it starts over, without its earlier exposures.',
    ),
});

export type ExperimentRequest = Immutable<z.output<typeof requestFields>>;

/** `PUT /v1/experiments/{id}`, checked against the presets of the moment. All faults are reported at once. */
export function experimentRequest(own: () => OwnPresets): z.ZodType<ExperimentRequest> {
  return requestFields
    .superRefine(
      (request, context) => {
        for (const { path, message } of faultsOfRequest(request, own())) {
          context.addIssue({ code: 'custom', path, message });
        }
      },
      { when: ({ value }) => typeof value === 'object' && value !== null },
    )
    .meta({
      id: 'ExperimentRequest',
      examples: [
        {
          surface: 'related',
          arms: [
            { name: 'default', share: 1 },
            { name: 'rare', share: 1, algorithm: 'related', params: { specificity: 0.8 } },
          ],
          holdout: 0.1,
          metric: 'click/impressions',
          guardrails: [{ metric: 'hide/impressions' }],
        },
      ],
    });
}

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

function faultsOfRequest(
  { arms, start, end }: Partial<Record<keyof ExperimentRequest, unknown>>,
  own: OwnPresets,
): Fault[] {
  const faults: Fault[] = [];
  const list = Array.isArray(arms) ? (arms as Readonly<Record<string, unknown>>[]) : [];
  const names = list.map((each) => each?.['name']);
  for (const [i, each] of list.entries()) {
    const name = names[i];
    if (typeof name === 'string' && names.indexOf(name) < i)
      faults.push({ path: ['arms', i, 'name'], message: 'is that of an earlier arm' });
    for (const { path, message } of faultsOfArm(each, own))
      faults.push({ path: ['arms', i, ...path], message });
  }
  const [from, until] = [timeSchema.safeParse(start), timeSchema.safeParse(end)];
  if (from.success && until.success && until.data <= from.data)
    faults.push({ path: ['end'], message: 'is not after `start`' });
  return faults;
}

function faultsOfArm(given: unknown, own: OwnPresets): Fault[] {
  const { algorithm, params = {} } = (given ?? {}) as { algorithm?: unknown; params?: unknown };
  if (typeof algorithm !== 'string') return [];
  const named = settingsNamed(algorithm, own);
  if (named === undefined) return [{ path: ['algorithm'], message: unknownName(algorithm, own) }];
  const sound = paramsSchema.safeParse(params);
  if (!sound.success) return [];
  return faultsOf(changeSettings(named, sound.data as Params)).map(({ name, message }) => ({
    path: name === 'target' ? ['algorithm'] : ['params', name],
    message,
  }));
}

export const experimentPath = z.strictObject({ id: experimentId });

const time = z.iso.datetime();

export const experimentResponse = z
  .strictObject({
    id: z.string(),
    state: z.enum(['planned', 'running', 'ended']),
    ...fields,
    salt: z.string(),
    start: time,
    end: time.nullable(),
    promoted: z
      .strictObject({ arm: z.string(), preset: z.string(), at: time })
      .exactOptional()
      .describe('The arm that became a preset.'),
  })
  .meta({ id: 'Experiment' });

export type ExperimentResponse = Immutable<z.output<typeof experimentResponse>>;

export const experimentsResponse = z
  .strictObject({ experiments: z.array(experimentResponse) })
  .meta({ id: 'ExperimentsResponse' });

export const promotionRequest = z
  .strictObject({
    arm: z.string().max(64).describe('The arm to keep.'),
    preset: z
      .string()
      .min(1)
      .max(64)
      .regex(presetNameForm, presetNameFault)
      .describe(
        'Name of the preset to create or replace: `related`, `ideas`, `feed`, or a name of your own.',
      ),
  })
  .meta({ id: 'PromotionRequest', examples: [{ arm: 'rare', preset: 'related' }] });
