import { z } from 'zod';
import { isTimeZone } from '../../engine/notify/index.ts';
import { tokenize } from '../../engine/text/index.ts';
import { billedActions } from '../../graph-data/base/index.ts';
import { experimentId } from '../../graph-data/experiments/index.ts';
import { nameLengthMax } from '../../graph-data/interactions/index.ts';
import { interestIdPattern } from '../../graph-data/interests/index.ts';
import type { Immutable } from '../base/index.ts';
import { filterSchema } from './filter.ts';
import { booleanFromQuery, numberFromQuery } from './query-strings.ts';
import { storedKeySchema, timeSchema } from './writes/index.ts';

/** Of each list of a campaign. */
const [pinsMax, interestsMax, seedsMax, termsMax, surfacesMax] = [100, 100, 100, 100, 20] as const;
const [labelMax, termMax, bidMax, budgetMax] = [64, 200, 1e12, 1e15] as const;

const interest = z.string().regex(interestIdPattern, 'is not the id of an interest');
const budget = z.int().min(1).max(budgetMax);
const surface = z.string().min(1).max(nameLengthMax);

const fields = {
  pins: z.array(storedKeySchema).min(1).max(pinsMax).describe('The pins that it promotes. They must exist.'),
  label: z
    .string()
    .min(1)
    .max(labelMax)
    .refine((text) => text.isWellFormed(), 'contains a lone surrogate')
    .default('Promoted')
    .describe('The label that the application shows beside each of them.'),
  targets: z
    .strictObject({
      interests: z
        .array(interest)
        .max(interestsMax)
        .default([])
        .describe('Ids of `GET /v1/interests`; descendants are included.'),
      pins: z.array(storedKeySchema).max(seedsMax).default([]).describe('People who would save these pins.'),
      boards: z
        .array(storedKeySchema)
        .max(seedsMax)
        .default([])
        .describe('People who would save the pins of these boards, by the first hundred of each.'),
      searchTerms: z
        .array(
          z
            .string()
            .min(1)
            .max(termMax)
            .refine((term) => term === '' || tokenize(term).length > 0, 'has no word'),
        )
        .max(termsMax)
        .default([])
        .describe('People who search for all words of one of these, in any order (`GET /v1/search`).'),
      excludeInterests: z
        .array(interest)
        .max(interestsMax)
        .default([])
        .describe('Excluded where these hold a tenth of the pins that the walk finds.'),
    })
    .prefault({})
    .describe(
      'Whom it is for, by what a request is about: any of these. Without interests, pins, boards and search terms: all requests.',
    ),
  users: filterSchema
    .optional()
    .describe('Whom it is for, by their attributes, such as `language`, in the form of `filter`.'),
  surfaces: z.array(surface).max(surfacesMax).default([]).describe('Where it is shown. Empty: everywhere.'),
  bid: z
    .strictObject({
      per: z.enum(billedActions),
      micros: z.int().min(1).max(bidMax).describe('The maximum price of one such action.'),
    })
    .describe('In millionths of the one currency of all campaigns.'),
  dailyBudgetMicros: budget.describe('Per day of `timeZone`; never exceeded.'),
  totalBudgetMicros: budget.nullable().default(null).describe('Never exceeded. Null: none.'),
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .refine(isTimeZone, 'is not a time zone such as Europe/Berlin')
    .default('UTC')
    .describe('The IANA name of the zone whose midnight ends the day of the budget.'),
  frequencyCap: z
    .strictObject({ impressions: z.int().min(1).max(1_000), hours: z.int().min(1).max(720) })
    .default({ impressions: 3, hours: 24 })
    .describe('Frequency cap: most impressions per person within so many hours.'),
  holdout: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe(
      'Share of people who are never shown it: the report compares them with the others (ghost ads).',
    ),
  paused: z.boolean().default(false),
};

const requestFields = z.strictObject({
  ...fields,
  start: timeSchema.optional().describe('Default: now, or the start of the campaign that it replaces.'),
  end: timeSchema.nullable().default(null),
});

export type CampaignRequest = Immutable<z.output<typeof requestFields>>;

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Unknown keys in a campaign: pins and boards without a row, interests that the graph does not have. */
export type UnknownKeys = (of: {
  readonly pins: readonly string[];
  readonly boards: readonly string[];
  readonly interests: readonly string[];
}) => {
  readonly pins: ReadonlySet<string>;
  readonly boards: ReadonlySet<string>;
  readonly interests: ReadonlySet<string>;
};

/** `PUT /v1/campaigns/{id}`, checked against the stored pins, boards and interests. Reports all faults at once. */
export function campaignRequest(unknownKeys: UnknownKeys): z.ZodType<CampaignRequest> {
  return requestFields
    .superRefine(
      (request, context) => {
        for (const { path, message } of faultsOfRequest(request, unknownKeys))
          context.addIssue({ code: 'custom', path, message });
      },
      { when: ({ value }) => typeof value === 'object' && value !== null },
    )
    .meta({
      id: 'CampaignRequest',
      examples: [
        {
          pins: ['express'],
          label: 'Sponsored',
          targets: { pins: ['koa'] },
          surfaces: ['related'],
          bid: { per: 'click', micros: 400_000 },
          dailyBudgetMicros: 20_000_000,
          timeZone: 'Europe/Berlin',
        },
      ],
    });
}

function faultsOfRequest(
  request: Partial<Record<keyof CampaignRequest, unknown>>,
  unknownKeys: UnknownKeys,
): Fault[] {
  const targets = (request.targets ?? {}) as Readonly<Record<string, unknown>>;
  const lists: readonly (readonly [path: string[], kind: 'pins' | 'boards' | 'interests', keys: string[]])[] =
    [
      [['pins'], 'pins', textsOf(request.pins)],
      [['targets', 'pins'], 'pins', textsOf(targets['pins'])],
      [['targets', 'boards'], 'boards', textsOf(targets['boards'])],
      [['targets', 'interests'], 'interests', textsOf(targets['interests'])],
      [['targets', 'excludeInterests'], 'interests', textsOf(targets['excludeInterests'])],
    ];
  // Only a running campaign needs its keys: with a deleted pin, or without a graph, it can still be paused.
  const isPaused = request.paused === true;
  const of = (kind: string): string[] =>
    lists.flatMap(([, each, keys]) => (each === kind && !isPaused ? keys : []));
  const unknown = unknownKeys({ pins: of('pins'), boards: of('boards'), interests: of('interests') });
  const faults: Fault[] = [];
  for (const [path, kind, keys] of lists) {
    for (const [i, key] of keys.entries()) {
      if (unknown[kind].has(key))
        faults.push({ path: [...path, i], message: `is no ${kind.slice(0, -1)} of the graph` });
      else if (keys.indexOf(key) < i)
        faults.push({ path: [...path, i], message: 'is that of an earlier entry' });
    }
  }
  const { bid, dailyBudgetMicros, totalBudgetMicros, start, end } = request;
  const micros = numberOf((bid as { micros?: unknown } | undefined)?.micros);
  const [daily, total] = [numberOf(dailyBudgetMicros), numberOf(totalBudgetMicros)];
  if (daily < micros) faults.push({ path: ['dailyBudgetMicros'], message: 'is less than one bid' });
  if (total < micros) faults.push({ path: ['totalBudgetMicros'], message: 'is less than one bid' });
  const [from, until] = [timeSchema.safeParse(start), timeSchema.safeParse(end)];
  if (from.success && until.success && until.data <= from.data)
    faults.push({ path: ['end'], message: 'is not after `start`' });
  return faults;
}

/** What each of the list's schemas would take; other entries have faults of their own. */
function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) && value.length <= pinsMax ? (value as unknown[]) : [];
  return list.every((each) => typeof each === 'string') ? list : [];
}

/** The value, or NaN for anything but a number, so that every comparison is false. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

export const campaignPath = z.strictObject({ id: experimentId });
export const campaignParameters = z.strictObject({
  dryRun: booleanFromQuery(z.boolean().default(false)).describe(
    'Whether to store nothing, and say how many people it could reach.',
  ),
});
export const campaignsParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(1_000).default(100)),
  cursor: z.string().min(1).max(64).optional().describe('`nextCursor` of the page before.'),
});

const time = z.iso.datetime();
const estimate = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .describe('With a 95 % interval.');

const reach = z.strictObject({
  days: z.int().describe('Days of the log that were counted, the latest 28 at most.'),
  people: estimate
    .nullable()
    .describe(
      'People per week who were shown a list that the campaign matches, on one of its surfaces. Null: fewer than two days of log, or targets of search terms only, which the log does not hold.',
    ),
  impressions: estimate
    .nullable()
    .describe(
      'Such lists per week, within the frequency cap. An upper bound: ignores budgets, pacing and competing bids.',
    ),
});

export const campaignResponse = z
  .strictObject({
    id: z.string(),
    state: z
      .enum(['planned', 'running', 'paused', 'spent', 'ended'])
      .describe('`spent`: the rest of a budget is below the bid.'),
    ...fields,
    start: time,
    end: time.nullable(),
    spentTodayMicros: z.int().describe('Since midnight of its zone.'),
    spentMicros: z.int(),
    createdAt: time,
    reach: reach.exactOptional().describe('Of a dry run.'),
  })
  .meta({ id: 'Campaign' });
export type CampaignResponse = Immutable<z.output<typeof campaignResponse>>;

export const campaignsResponse = z
  .strictObject({
    campaigns: z.array(campaignResponse).describe('By id.'),
    nextCursor: z.string().nullable().describe('The cursor of the next page; null on the last page'),
  })
  .meta({ id: 'Campaigns' });

/** Of the export of a person. */
export const exportedPromotions = z.strictObject({
  impressions: z.array(
    z.strictObject({
      campaign: z.string(),
      pin: z.string(),
      surface: z.string().nullable(),
      interest: z.string().nullable().describe("Id of the main interest of the request's results."),
      at: time,
      isHeldOut: z.boolean().describe('Of the holdout: would have been shown it, but was not.'),
      clickedAt: time.nullable(),
      savedAt: time.nullable(),
    }),
  ),
  hidden: z.array(z.string()).describe('Keys of promoted pins.'),
});
export type ExportedPromotions = Immutable<z.output<typeof exportedPromotions>>;
