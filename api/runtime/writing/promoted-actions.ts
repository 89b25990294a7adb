import { type DataFolder, hidingKinds } from '../../../graph-data/base/index.ts';
import {
  CampaignStore,
  type Hidden,
  type PromotedAction,
  readToken,
  readTokenSecret,
} from '../../../graph-data/campaigns/index.ts';
import type { InteractionInput } from '../../contract/index.ts';

/**
 * The effects of interactions on campaigns: charges by the tokens of promoted pins, and pins that people hid. A thread loads it once there
 * are campaigns.
 */
export class PromotedActions {
  readonly #folder: DataFolder;
  readonly #busyMs: number;
  #store: CampaignStore | undefined;
  #secret: Uint8Array | undefined;

  constructor(folder: DataFolder, busyMs: number) {
    this.#folder = folder;
    this.#busyMs = busyMs;
  }

  /** Whether this data folder signed a token. */
  readonly isSigned = (token: string): boolean => this.#impressionOf(token) !== undefined;

  /**
   * Charges all that can be charged, in one transaction: all of it or, if it throws, nothing. Doing it again charges nothing more. `now`: milliseconds
   * since 1970.
   */
  record(rows: readonly InteractionInput[], now: number): void {
    const actions: PromotedAction[] = [];
    const hidden: Hidden[] = [];
    for (const { kind, user, pin, promoted, address } of rows) {
      const impression = promoted === undefined ? undefined : this.#impressionOf(promoted);
      if (impression !== undefined) actions.push({ impression, kind, user, pin, address });
      if (pin !== undefined && hidingKinds.has(kind)) hidden.push({ user, pin });
    }
    if (actions.length + hidden.length === 0) return;
    this.#store ??= new CampaignStore(this.#folder, this.#busyMs);
    this.#store.record(actions, hidden, now);
  }

  close(): void {
    this.#store?.close();
    this.#store = undefined;
  }

  #impressionOf(token: string): Uint8Array | undefined {
    this.#secret ??= readTokenSecret(this.#folder);
    return this.#secret && readToken(this.#secret, token);
  }
}
