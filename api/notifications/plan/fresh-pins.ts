import { degreeOf, nodeCount } from '../../../engine/graph/index.ts';
import type { LoadedSnapshot, Store } from '../../../graph-data/index.ts';
import type { ServedInterests } from '../../recommend/index.ts';

const dayMs = 86_400_000;
/** Days in which a save is fresh, and a pin new. */
const freshDays = 7;
/** Saves of these days that count, the latest. */
const savesMax = 5_000_000;
/** New pins of an interest that are kept: those with the most saves. */
const pinsOfInterestMax = 50;
/** A new pin that only one board has may be anything. */
const boardsMin = 2;
/** Saves of a followed board that are read, about 1 µs each: larger boards are left out. */
const boardSavesMax = 5_000;
const followedMax = 20;
/** How many of a person's latest saves count for their interests, and how many interests they have. */
const [latestMax, interestsMax] = [50, 3] as const;
/** Fresh pins of a person, of each source. */
const perSource = 5;

/** A pin that the walk has not found. */
interface FreshPin {
  readonly pin: number;
  readonly source: 'interest' | 'board';
  /** Id of the interest, or key of the board. */
  readonly of: string;
}

type Saves = ReturnType<Store['savesOf']>;

/** New pins of a person's interests, and fresh saves on the boards that they follow. */
export class FreshPins {
  readonly #store: Store;
  readonly #snapshot: LoadedSnapshot;
  readonly #served: ServedInterests;
  readonly #at: number;
  /** By the place of their interest, most saves first. */
  readonly #newPins = new Map<number, number[]>();

  /** Goes through the saves of {@link freshDays} days before `at` if the graph has interests. O(these saves). */
  constructor(store: Store, snapshot: LoadedSnapshot, served: ServedInterests, at: number) {
    this.#store = store;
    this.#snapshot = snapshot;
    this.#served = served;
    this.#at = at;
    if (served.tree.interests.length === 0) return;
    const { pinToBoard } = snapshot.graph;
    const byInterest = new Map<number, (readonly [pin: number, saves: number])[]>();
    for (const [pin, saves] of store.savesWithin('pins', at - freshDays * dayMs, at, savesMax)) {
      const boards = pin < nodeCount(pinToBoard) ? degreeOf(pinToBoard, pin) : 0;
      // It is new if all of its saves are.
      if (boards > saves || saves < boardsMin) continue;
      const interest = served.index.of(pin);
      if (interest < 0 || served.tree.interests[interest]!.isHidden) continue;
      const pins = byInterest.get(interest) ?? [];
      byInterest.set(interest, pins);
      pins.push([pin, saves]);
    }
    for (const [interest, pins] of byInterest) {
      const best = pins.toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, pinsOfInterestMax);
      this.#newPins.set(interest, best.map(([pin]) => pin)); // prettier-ignore
    }
  }

  /**
   * Candidates for a person, without pins that they have saved and pins that `isOut`. O(saves of the person and
   * of the boards that they follow).
   */
  of(user: number, isOut: (pin: number) => boolean): FreshPin[] {
    const boards = this.#followedBoards(user);
    if (this.#newPins.size === 0 && boards.length === 0) return [];
    const saves = this.#store.savesOf(user);
    const taken = new Set(saves.map(({ pin }) => pin));
    const hidden = this.#hiddenBy(user);
    const free = (pin: number): boolean =>
      !taken.has(pin) && !isOut(pin) && !(hidden.size > 0 && hidden.has(this.#served.index.of(pin)));
    const found: FreshPin[] = [];
    const take = (pins: readonly number[], source: FreshPin['source'], of: string, max: number): void => {
      for (const pin of pins.filter(free).slice(0, max)) {
        found.push({ pin, source, of });
        taken.add(pin);
      }
    };
    for (const interest of this.#interestsOf(saves, hidden)) {
      take(this.#newPins.get(interest) ?? [], 'interest', this.#served.tree.interests[interest]!.id, perSource); // prettier-ignore
    }
    const after = this.#at - freshDays * dayMs;
    for (const [key, board] of boards) {
      const fresh = this.#store
        .savesOn(board)
        .filter(({ savedAt }) => savedAt !== null && savedAt > after && savedAt <= this.#at)
        .toSorted((a, b) => b.savedAt! - a.savedAt! || a.pin - b.pin);
      take(fresh.map(({ pin }) => pin), 'board', key, perSource); // prettier-ignore
    }
    return found;
  }

  /** Places of the interests that a person hides, with all below. */
  #hiddenBy(user: number): Set<number> {
    const { tree } = this.#served;
    return new Set(
      this.#store.hiddenInterestsOf(user).flatMap((id) => {
        const place = tree.placeOf(id);
        return place === undefined ? [] : Array.from(tree.within(place));
      }),
    );
  }

  /** The interests of most of a person's latest saves, except hidden ones. */
  #interestsOf(saves: Saves, hidden: ReadonlySet<number>): number[] {
    const { index } = this.#served;
    const latest = saves.toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0) || a.pin - b.pin);
    const counts = new Map<number, number>();
    for (const { pin } of latest.slice(0, latestMax)) {
      const interest = index.of(pin);
      if (interest >= 0 && !hidden.has(interest)) counts.set(interest, (counts.get(interest) ?? 0) + 1);
    }
    return [...counts]
      .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, interestsMax)
      .map(([interest]) => interest);
  }

  /** Boards named by the attribute `followedBoards` of the user that are not too large to read. */
  #followedBoards(user: number): (readonly [key: string, board: number])[] {
    const followed = this.#store.nodeAt('users', user)?.attributes['followedBoards'];
    if (!Array.isArray(followed)) return [];
    const { boardToPin } = this.#snapshot.graph;
    return followed.slice(0, followedMax).flatMap((key: unknown) => {
      const board = typeof key === 'string' ? this.#store.indexOf('boards', key) : undefined;
      if (board === undefined) return [];
      const isLarge = board < nodeCount(boardToPin) && degreeOf(boardToPin, board) > boardSavesMax;
      return isLarge ? [] : [[key as string, board] as const];
    });
  }
}
