import { TooMuchWork, Work, prices } from '../../engine/base/index.ts';
import type { NodeKind } from '../../engine/graph/index.ts';
import type { SaveCounts } from '../../engine/pipeline/index.ts';
import { type Store, readPosition } from '../../graph-data/database/index.ts';

interface Counted {
  /** Undefined when the saves were too many to count where this request was. */
  readonly counts: SaveCounts | undefined;
  readonly newest: number;
  /** Of the database then. */
  readonly position: number;
  /** When it was counted, and how long that took, by the clock of `now`. */
  readonly at: number;
  readonly ms: number;
}

/** Windows kept: most servers use one or two. */
const rememberedMax = 8;
/** Counts kept in all windows together, beside the latest: about 72 MB. */
const countsMax = 1_000_000;
/** What takes a while is counted anew after ten times as long at the earliest: a tenth of the time goes to it at most. */
const restPerMs = 10;
/** Saves of a window that count at most, the latest: about a second. */
const countedMax = 5_000_000;

/** Recent saves, within windows that end with the newest save. */
export class RecentSaves {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #remembered = new Map<string, Counted>();

  /** `now`: milliseconds, never going back. */
  constructor(store: Store, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Saves of the last `windowDays` before the newest one, by node. Saves later than `time` (milliseconds since
   * 1970) are left out, as are saves without a time. O(saves of the window) when something was written since,
   * else O(1). Throws {@link TooMuchWork} before counting more saves than the work may here.
   */
  within(windowDays: number, target: NodeKind, time: number, work: Work = new Work()): SaveCounts {
    const newest = this.#store.newestSaveUntil(time);
    if (newest === null) return [];
    const position = readPosition(this.#store.database);
    const name = `${target} ${windowDays}`;
    const before = this.#remembered.get(name);
    const began = this.#now();
    if (before !== undefined) {
      const isSame = before.position === position && before.newest === newest;
      if (isSame || began - before.at < restPerMs * before.ms) return countsOf(before);
    }
    const after = newest - windowDays * 86_400_000;
    const affordable = work.beforeHandOver(prices.countedSave);
    const savesMax = Math.min(countedMax, affordable + 1);
    const saves = this.#store.countSavesWithin(after, newest, savesMax);
    const isAffordable = saves <= affordable;
    const counts = isAffordable ? this.#store.savesWithin(target, after, newest, countedMax) : undefined;
    const kept = [counts, ...[...this.#remembered.values()].map((each) => each.counts)];
    const isFull = kept.reduce((sum, each) => sum + (each?.length ?? 0), 0) > countsMax;
    if (isFull || this.#remembered.size === rememberedMax) this.#remembered.clear();
    const ended = this.#now();
    const counted = { counts, newest, position, at: ended, ms: ended - began };
    this.#remembered.set(name, counted);
    if (isAffordable) work.spend(saves, prices.countedSave);
    return countsOf(counted);
  }
}

function countsOf({ counts }: Counted): SaveCounts {
  if (counts === undefined) throw new TooMuchWork();
  return counts;
}
