import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { nameLengthMax, overlapMin } from '../../graph-data/index.ts';
import { type KafkaSettings, kafkaShape } from './kafka-settings.ts';
import { areOrigins, url, workMax } from './setting-schemas.ts';

/** All server settings of an operator. */
export interface Settings extends KafkaSettings {
  readonly data: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly threads: number;
  readonly queueMsMax: number;
  readonly queueLengthMax: number;
  readonly heavyQueueMsMax: number;
  readonly bodyBytesMax: number;
  readonly stepsMax: number;
  readonly requestWorkMax: number;
  readonly keptAnswersMax: number;
  readonly rateLimitPerMinute?: number | undefined;
  readonly workMaxRead?: number | undefined;
  readonly workMaxWrite?: number | undefined;
  readonly workMaxAdmin?: number | undefined;
  readonly corsOrigins?: string | undefined;
  readonly swapOverlapMin: number;
  readonly snapshotsKept: number;
  readonly changesKept: number;
  readonly interactionDaysKept?: number | undefined;
  readonly searchRandomArm?: string | undefined;
  readonly positionMsMax: number;
  readonly follow?: string | undefined;
  readonly writerUrl?: string | undefined;
  readonly lagMsMax: number;
  readonly stopSecondsMax: number;
  readonly publicUrl?: string | undefined;
  readonly notifyEverySeconds?: number | undefined;
  readonly notifyPlanHour?: number | undefined;
  readonly notifyPerWeek: number;
  readonly notifyHoldout: number;
  readonly notifyExplore: number;
  readonly notifyPromotedSlot?: number | undefined;
  readonly smtpUrl?: string | undefined;
  readonly mailFrom?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly vapidSubject?: string | undefined;
  readonly vapidPublicKey?: string | undefined;
  readonly pushHosts: string;
  readonly promotedReserveMicros: number;
  readonly promotedMinRelevance: number;
}

export type SettingName = keyof Settings;

type SettingsShape = { readonly [Name in SettingName]: z.ZodType<Settings[Name]> };

export const settingsShape: SettingsShape = {
  data: z.string().min(1).default('data').describe('data folder: everything that one graph owns'),
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address to listen on; only this machine can reach 127.0.0.1'),
  port: z.int().min(0).max(65_535).default(3000).describe('port to listen on; 0 for any free one'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .describe('lowest level of the JSON log lines on standard error; info logs every request'),
  threads: z
    .int()
    .min(1)
    .max(256)
    .default(() => availableParallelism())
    .describe('worker threads for walks; default: one per available core'),
  queueMsMax: z
    .number()
    .min(0)
    .max(60_000)
    .default(50)
    .describe(
      'milliseconds a request may wait for a worker; one that is unlikely to start in time is refused at once',
    ),
  queueLengthMax: z.int().min(0).max(1_000_000).default(1000).describe('requests that may wait for a worker'),
  heavyQueueMsMax: z
    .number()
    .min(0)
    .max(600_000)
    .default(5_000)
    .describe('the same for an expensive request, which waits for a worker that does only such work'),
  bodyBytesMax: z
    .int()
    .min(1024)
    .max(2 ** 30)
    .default(2 ** 20)
    .describe('bytes of a request body'),
  stepsMax: z
    .int()
    .min(1)
    .max(1e12)
    .default(10_000_000)
    .describe('walk steps that one HTTP request may take, all requests of a batch together'),
  requestWorkMax: z
    .int()
    .min(1)
    .max(1e12)
    .default(25_000_000)
    .describe(
      'units of work after which a request ends with partial results; one unit is about one walk step (docs/limits.md)',
    ),
  keptAnswersMax: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe(
      'pages of recommendations in memory, from which a next page can follow, each for 30 minutes at most',
    ),
  rateLimitPerMinute: z
    .int()
    .min(0)
    .max(1e9)
    .optional()
    .describe(
      'requests per minute for each key, or each address without one; 0 for no limit; not set: 6000 once there are keys',
    ),
  workMaxRead: workMax('read, and for each address without a key'),
  workMaxWrite: workMax('write'),
  workMaxAdmin: workMax('admin'),
  corsOrigins: z
    .string()
    .refine(areOrigins)
    .optional()
    .meta({ allowed: 'origins, or *' })
    .describe(
      'origins whose pages may call the API from a browser (CORS), such as https://app.example.com, separated by commas; not set: none',
    ),
  swapOverlapMin: z
    .number()
    .min(0)
    .max(1)
    .default(overlapMin)
    .describe(
      'lowest overlap, of the top 50 of sampled pins, that a new snapshot must have with the old one',
    ),
  snapshotsKept: z
    .int()
    .min(1)
    .max(10_000)
    .default(5)
    .describe('snapshots to keep on disk after a swap: the newest, the active one, and the one before it'),
  changesKept: z
    .int()
    .min(1_000)
    .max(1e9)
    .default(20_000_000)
    .describe(
      'changes that the change log keeps at most, for older snapshots and for followers; beyond that, a new snapshot is built',
    ),
  interactionDaysKept: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe('days that impressions and actions are kept; older ones are deleted; not set: all are kept'),
  searchRandomArm: z
    .string()
    .min(1)
    .max(nameLengthMax)
    .optional()
    .meta({ allowed: 'the name of an arm' })
    .describe(
      'arm whose search results people saw in random order: search then learns its weights from clicks (docs/search.md); not set: it does not',
    ),
  positionMsMax: z
    .int()
    .min(0)
    .max(60_000)
    .default(2_000)
    .describe('milliseconds that a read waits for the position of its header Pinwalk-Position'),
  follow: z
    .string()
    .min(1)
    .optional()
    .describe(
      'folder or address of publications (pinwalk publish) whose replica this server is; not set: it takes writes itself',
    ),
  writerUrl: url('http or https')
    .optional()
    .describe(
      'address of the server that takes the writes, for a replica; its key is in PINWALK_WRITER_KEY; not set: as published',
    ),
  lagMsMax: z
    .int()
    .min(0)
    .max(86_400_000)
    .default(5_000)
    .describe('milliseconds that a replica may be behind its writer before it is not ready'),
  stopSecondsMax: z
    .number()
    .min(0)
    .max(3600)
    .default(10)
    .describe('seconds that requests in flight get to finish when the server stops'),
  publicUrl: url('http or https')
    .optional()
    .describe(
      'address of this server for links in notifications, such as https://pins.example.com; not set: none has any',
    ),
  notifyEverySeconds: z
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .describe('seconds between two passes that send due notifications; not set: the server sends none'),
  notifyPlanHour: z
    .int()
    .min(0)
    .max(23)
    .optional()
    .describe('hour of the day, UTC, from which the server plans notifications; not set: it plans none'),
  notifyPerWeek: z
    .number()
    .min(0)
    .max(7)
    .default(2)
    .describe('notifications a week and person that are planned, on average over all people'),
  notifyHoldout: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe('share of people for whom none are planned, always the same, to measure the effect of sending'),
  notifyExplore: z
    .number()
    .min(0)
    .max(0.05)
    .default(0.03)
    .describe('share of planned notifications that chance decides, with known propensity'),
  notifyPromotedSlot: z
    .int()
    .min(2)
    .max(6)
    .optional()
    .describe('place in e-mails and webhooks where campaigns may promote a pin; not set: none'),
  smtpUrl: url('smtp or smtps')
    .optional()
    .describe(
      'server for e-mails, such as smtps://user@mail.example.com; the password is in PINWALK_SMTP_PASSWORD; not set: none are sent',
    ),
  mailFrom: z
    .string()
    .max(320)
    .refine((text) => /^[^\p{Cc}<>]*<?[^\s<>@]+@[^\s<>@]+>?$/u.test(text))
    .optional()
    .meta({ allowed: 'an e-mail address, or Name <address>' })
    .describe('sender of e-mails'),
  webhookUrl: url('http or https')
    .optional()
    .describe(
      'address that notifications of the channel webhook are posted to; their signature needs PINWALK_WEBHOOK_SECRET; not set: none are',
    ),
  vapidSubject: url('mailto or https')
    .optional()
    .describe('who push services can turn to, such as mailto:ops@example.com (VAPID)'),
  vapidPublicKey: z
    .string()
    .regex(/^[\w-]{87}$/)
    .optional()
    .meta({ allowed: '87 characters of base64url' })
    .describe(
      'public key of Web Push (VAPID); the private one is in PINWALK_VAPID_PRIVATE_KEY; not set: nothing is pushed',
    ),
  pushHosts: z
    .string()
    .min(1)
    .default('fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com')
    .describe(
      'push services that subscriptions may name, separated by commas: a host, *.host, or an origin with http:// or https://',
    ),
  promotedReserveMicros: z
    .int()
    .min(0)
    .max(1e12)
    .default(10_000)
    .describe('least price of a click or a save on a promoted pin, in millionths of the currency'),
  promotedMinRelevance: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      'least relevance of a promoted pin to its request, whatever its bid; 1: what the walk ranks as high as the last pin of the list',
    ),
  ...kafkaShape,
};

/** The one list of settings, behind flags, environment, file, validation and docs/configuration.md. */
export const settingsSchema: z.ZodType<Settings> = z.strictObject(settingsShape);
