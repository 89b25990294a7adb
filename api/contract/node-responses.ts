import { z } from 'zod';

const count = z.int().nonnegative();
const text = z.string().nullable();
const time = z.iso.datetime().nullable();
const attributes = z
  .record(z.string(), z.unknown())
  .meta({ description: 'What the application has told beyond the fields with names of their own' });

export const pinAnswer: z.ZodType = z
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

export const boardAnswer: z.ZodType = z
  .strictObject({
    board: z.string(),
    owner: z.string().meta({ description: 'The user whose board it is' }),
    title: text,
    attributes,
    counts: z.strictObject({ pins: count }),
  })
  .meta({ id: 'Board' });

export const userAnswer: z.ZodType = z
  .strictObject({ user: z.string(), attributes, counts: z.strictObject({ boards: count, saves: count }) })
  .meta({ id: 'User' });

const weight = z.number().positive().nullable();

function pageOf(id: string, save: z.ZodType): z.ZodType {
  return z
    .strictObject({
      saves: z.array(save),
      nextCursor: z
        .string()
        .nullable()
        .meta({ description: 'To ask for the next page with; null on the last one' }),
    })
    .meta({ id });
}

export const pinSavesAnswer: z.ZodType = pageOf(
  'PinSaves',
  z.strictObject({ board: z.string(), user: z.string(), savedAt: time, weight }),
);
export const boardSavesAnswer: z.ZodType = pageOf(
  'BoardSaves',
  z.strictObject({ pin: z.string(), savedAt: time, weight }),
);
export const userSavesAnswer: z.ZodType = pageOf(
  'UserSaves',
  z.strictObject({ board: z.string(), pin: z.string(), savedAt: time, weight }),
);

export const exportAnswer: z.ZodType = z
  .strictObject({
    user: z.string(),
    exportedAt: z.iso.datetime(),
    attributes,
    boards: z.array(
      z.strictObject({
        board: z.string(),
        title: text,
        attributes,
        saves: z.array(z.strictObject({ pin: z.string(), savedAt: time, weight })),
      }),
    ),
  })
  .meta({ id: 'PersonExport' });
