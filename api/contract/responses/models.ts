import { z } from 'zod';

const figure = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .describe('With its 95 % interval by person.');

const model = z
  .strictObject({
    version: z.string(),
    label: z.string().nullable().describe('The kind of action that it predicts; null for a damaged file.'),
    learner: z.enum(['ftrl', 'trees']).nullable(),
    online: z.boolean().describe('Whether it keeps learning online from new interactions.'),
    bytes: z.int(),
    trainedAt: z.iso.datetime(),
    active: z.boolean().describe('Pipelines with its label as `model` rank by it.'),
    windowHours: z.number().nullable().describe('How long after an impression an action counts.'),
    rows: z
      .strictObject({
        train: z.int(),
        calibrate: z.int(),
        judged: z.int(),
        positives: z.int(),
        from: z.iso.datetime(),
        to: z.iso.datetime(),
      })
      .nullable()
      .describe(
        'Numbers of impressions used for training, calibration and evaluation, in the order of time.',
      ),
    quality: z
      .strictObject({
        auc: figure,
        normalizedEntropy: figure,
        groupedAuc: figure.nullable().describe('AUC within people.'),
        ratio: figure.describe('Predicted divided by actual actions.'),
        calibrationError: z.number(),
        calibrationNoise: z.number().describe('`calibrationError` that chance alone would give.'),
      })
      .nullable()
      .describe('On the evaluation impressions; null if all had the same outcome.'),
    calibration: z
      .array(z.strictObject({ surface: z.string().nullable(), slope: z.number(), intercept: z.number() }))
      .describe('Factor and offset of the log odds, by surface; null: no surface is stated.'),
  })
  .meta({ id: 'Model' });

export const modelsResponse = z.strictObject({ models: z.array(model) }).meta({ id: 'ModelList' });

export const modelActivationResponse = z
  .strictObject({
    version: z.string(),
    label: z.string(),
    previous: z.string().nullable().describe('The model that was active before; null when there was none'),
  })
  .meta({ id: 'ModelActivation' });
