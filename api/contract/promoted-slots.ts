import { z } from 'zod';
import { nameLengthMax, rankMax } from '../../graph-data/interactions/index.ts';
import { numberOf } from './number-of.ts';
import { viewerOf } from './recording.ts';

const slotsMax = 10;
export const noViewer = 'has no viewer, whose caps and saves it needs: send `viewer`';

const slotsSchema = z
  .array(z.int().min(1).max(rankMax))
  .min(1)
  .max(slotsMax)
  .refine((slots) => slots.every((slot, i) => i === 0 || slot > slots[i - 1]!), 'is not ascending')
  .describe('Ranks that promoted pins may take, ascending; those beyond this page apply to later pages.');

/** The slots of a query string, such as `3,10`. */
export const slotsFromQuery = z
  .preprocess(
    (text) => (typeof text === 'string' ? text.split(',').map(numberOf) : text),
    slotsSchema.optional(),
  )
  .describe(
    'Ranks that promoted pins may take, such as `3,10` (docs/promoted-pins.md): needs a viewer and a key of scope `write`. For pins.',
  )
  .meta({ param: { style: 'form', explode: false, example: [3, 10] } });

export const promotedSchema = z
  .strictObject({
    slots: slotsSchema,
    surface: z
      .string()
      .min(1)
      .max(nameLengthMax)
      .optional()
      .describe('Where the list is shown, for campaigns of that surface. Default: `surface` of the request.'),
  })
  .describe(
    'Lets campaigns promote pins (docs/promoted-pins.md): needs a viewer and a key of scope `write`. For pins.',
  );

/** Which ranks campaigns may take, where, for whom. */
export interface PromotedSlots {
  readonly slots: readonly number[];
  /** Empty: the request names none. */
  readonly surface: string;
  readonly viewer?: string;
  /** The search text, if the list is a search result. */
  readonly text?: string;
  /** Whether the list that is shown is another than that of the walk, such as the hits of a search: then the walk's list may be promoted. */
  readonly isOther?: boolean;
  readonly minRelevance: number;
  /** Labels of active models that can predict. */
  readonly models: readonly string[];
}

/** The slots of a request; undefined if it has none. What a server decides about them comes later. */
export function slotsOf(
  promoted: z.output<typeof promotedSchema> | undefined,
  viewer: string | undefined,
  surface: string = '',
): PromotedSlots | undefined {
  if (promoted === undefined || viewer === undefined) return undefined;
  return { slots: promoted.slots, surface: promoted.surface ?? surface, viewer, minRelevance: 0, models: [] };
}

/** Faults of well-formed slots in a query string. */
export function faultsOfSlots(
  request: Parameters<typeof viewerOf>[0] & { readonly promoted?: unknown; readonly target: string },
): { readonly path: string[]; readonly code: string; readonly message: string }[] {
  if (request.promoted === undefined) return [];
  const isForPins = request.target === 'pins';
  if (isForPins && viewerOf(request) !== undefined) return [];
  const message = isForPins ? noViewer : 'is only for the target pins';
  return [{ path: ['promotedSlots'], code: 'custom', message }];
}
