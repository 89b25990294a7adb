import type { Logger } from 'pino';
import type { DataFolder, Store } from '../graph-data/index.ts';
import type { Jobs } from './runtime/jobs/index.ts';
import type { Metrics, Settings } from './operations/index.ts';
import type { AccessSettings } from './http/access/index.ts';
import type { PresetBook } from './recommend/index.ts';
import type { GraphServer, KeptAnswers } from './runtime/serving/index.ts';
import type { WriteThread } from './runtime/writing/index.ts';

/** What the routes work with. */
export interface Service {
  readonly folder: DataFolder;
  readonly graphs: GraphServer;
  readonly store: Store;
  readonly kept: KeptAnswers;
  readonly access: AccessSettings;
  readonly presets: PresetBook;
  readonly jobs: Jobs;
  readonly writes: WriteThread;
  readonly log: Logger;
  readonly settings: Settings;
  readonly metrics: Metrics;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly newId: () => string;
  /** The time of day, in milliseconds since 1970. */
  readonly wallClock: () => number;
}
