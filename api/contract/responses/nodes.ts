import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';
import { exportedPromotions } from '../campaigns.ts';
import { exportedChannels, exportedNotification } from '../notifications.ts';

const count = z.int().nonnegative();
const text = z.string().nullable();
const time = z.iso.datetime().nullable();
const attributes = z
  .record(z.string(), z.unknown())
  .describe('Further attributes that the application stores');

export const pinResponse = z
  .strictObject({
    pin: z.string(),
    title: text,
    text,
    url: text,
    imageUrl: text,
    attributes,
    createdAt: time,
    counts: z.strictObject({ boards: count, saves: count }),
  })
  .meta({ id: 'Pin' });

export const boardResponse = z
  .strictObject({
    board: z.string(),
    owner: z.string().describe('The user who owns the board'),
    title: text,
    attributes,
    counts: z.strictObject({ pins: count }),
  })
  .meta({ id: 'Board' });

export const userResponse = z
  .strictObject({ user: z.string(), attributes, counts: z.strictObject({ boards: count, saves: count }) })
  .meta({ id: 'User' });

const saved = { savedAt: time, weight: z.number().positive().nullable() };
const nextCursor = text.describe('The cursor of the next page; null on the last page');

export const pinSavesResponse = z
  .strictObject({
    saves: z.array(z.strictObject({ board: z.string(), user: z.string(), ...saved })),
    nextCursor,
  })
  .meta({ id: 'PinSaves' });
export const boardSavesResponse = z
  .strictObject({ saves: z.array(z.strictObject({ pin: z.string(), ...saved })), nextCursor })
  .meta({ id: 'BoardSaves' });
export const userSavesResponse = z
  .strictObject({
    saves: z.array(z.strictObject({ board: z.string(), pin: z.string(), ...saved })),
    nextCursor,
  })
  .meta({ id: 'UserSaves' });

export const exportResponse = z
  .strictObject({
    user: z.string(),
    exportedAt: z.iso.datetime(),
    attributes,
    boards: z.array(
      z.strictObject({
        board: z.string(),
        title: text,
        attributes,
        saves: z.array(z.strictObject({ pin: z.string(), ...saved })),
      }),
    ),
    hiddenInterests: z.array(z.string()).describe('Ids of the interests that they have hidden.'),
    interactions: z
      .array(z.looseObject({ kind: z.string(), at: z.iso.datetime() }))
      .describe('As in `POST /v1/interactions`.'),
    channels: exportedChannels,
    notifications: z.array(exportedNotification),
    promoted: exportedPromotions.describe('Promoted pins that they were shown, and pins that they hid.'),
  })
  .meta({ id: 'PersonExport' });

export type PinResponse = Immutable<z.output<typeof pinResponse>>;
export type BoardResponse = Immutable<z.output<typeof boardResponse>>;
export type UserResponse = Immutable<z.output<typeof userResponse>>;
export type PinSavesResponse = Immutable<z.output<typeof pinSavesResponse>>;
export type UserSavesResponse = Immutable<z.output<typeof userSavesResponse>>;
