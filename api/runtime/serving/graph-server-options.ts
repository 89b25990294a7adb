import type { Database, DataFolder } from '../../../graph-data/index.ts';
import type { Turns } from '../../base/index.ts';
import type { Activation } from '../../contract/index.ts';
import type { ModelThread } from './model-thread.ts';
import type { StorageWatch } from './storage-watch.ts';
import type { LaneOptions } from './work-lanes.ts';

export interface GraphServerOptions extends LaneOptions {
  readonly folder: DataFolder;
  /** Each live graph follows the changes in it. */
  readonly database: Database;
  /** What pipelines with a `model` rank by. */
  readonly models: ModelThread;
  readonly storage: StorageWatch;
  readonly swapOverlapMin: number;
  /** Changes since the snapshot, beyond which a new graph is due. Default: no limit. */
  readonly changesKept?: number;
  readonly turns: Turns;
  /** Called when the graph has all committed changes, as far as it can follow them. */
  readonly onCaughtUp: () => void;
  /** Called when a snapshot has become current. */
  readonly onSwap: (report: Activation) => void;
  /** Called when a snapshot that no request named cannot be loaded: at the start, or after the pointer moved. */
  readonly onFault: (fault: string) => void;
  /** Called once when a new graph is due, but the served snapshot is pinned. */
  readonly onHeld: (version: string) => void;
  /** Called when a new graph is due; returns whether a build for a swap is running. Otherwise it is called again soon. */
  readonly onDue: () => boolean;
  /** Called when a worker thread fails outside of a request; another one replaces it. */
  readonly onWorkerError: (error: Error) => void;
}
