import type { LoadedSnapshot } from '../../../graph-data/index.ts';
import type { JsonBytes } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { WalkTexts } from './walk-texts.ts';
import type { Allowance } from './works.ts';

/** Keys of nodes. */
export type KeyList = JsonBytes<readonly string[]>;

/** Requests that one worker runs one after another. */
export interface WalkTask extends Allowance, WalkTexts {
  /** Keys of the target that earlier pages have shown. */
  readonly seen: readonly KeyList[];
  /** Items of the earlier pages, after which the ranks continue. */
  readonly ranked: number;
  /** The best score of the first page, if this is a later one. */
  readonly bestScore?: number | undefined;
  /** Whether no two of the lists may share an item. */
  readonly distinct: boolean;
  /** No further request starts after this time. */
  readonly batchMsMax: number;
  /** No further request starts after lists of so many bytes. */
  readonly batchBytesMax: number;
  readonly queueMs: number;
  /** Whether the reply to the order before may wait for it. */
  readonly isShort?: true | undefined;
  /** Whether to return the times of its phases. */
  readonly isTraced?: true;
}

/** A request for diagnostics of a walk, and the size of its drawing. */
export interface DiagnosticsTask extends Allowance {
  readonly request: RecommendationRequest;
  readonly nodesMax: number;
}

/**
 * A message to a walking thread, for the graph of this number. The thread carries out orders in turn, and replies to each, to several
 * in one message.
 */
export type Order = { readonly graph: number } & (
  | { readonly serve: LoadedSnapshot }
  | { readonly drop: true }
  | { readonly walk: WalkTask }
  | { readonly diagnose: DiagnosticsTask }
);

export type Reply = { readonly done: unknown } | { readonly error: unknown };

export interface WorkerData {
  readonly dataFolder: string;
  /** The thread's niceness, 0 to 19; a process that is already as nice keeps its own (Linux only). */
  readonly niceness: number;
}
