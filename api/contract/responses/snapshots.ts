import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';

const snapshot = z
  .strictObject({
    version: z.string(),
    bytes: z.int(),
    builtAt: z.iso.datetime(),
    active: z.boolean().describe('The pointer on disk names it'),
    pinned: z.boolean().describe('Active until another activation: no build replaces it'),
    served: z.boolean().describe('Requests are served from it now'),
  })
  .meta({ id: 'Snapshot' });

export const snapshotsResponse = z
  .strictObject({ snapshots: z.array(snapshot) })
  .meta({ id: 'SnapshotList' });

export const activationResponse = z
  .strictObject({
    version: z.string(),
    previous: z.string().nullable().describe('The snapshot served before; null when there was none'),
    overlap: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe('How much its recommendations overlap with the previous ones; null when not compared'),
    swapMs: z.number().describe('From the request to the first one served from the new snapshot'),
    pinned: z.boolean().describe('Whether it stays until another activation, and no build replaces it'),
  })
  .meta({ id: 'Activation' });

export type Snapshot = Immutable<z.output<typeof snapshot>>;
export type Activation = Immutable<z.output<typeof activationResponse>>;
