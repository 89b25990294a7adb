/** A save of a person, by the place of its pin's interest; -1 for a pin without one. */
export interface PlacedSave {
  readonly interest: number;
  readonly board: number;
  readonly pin: number;
  /** Milliseconds since 1970; null if unknown. */
  readonly savedAt: number | null;
}

type Trend = 'rising' | 'falling' | 'steady';

/** How much a person likes an interest, and what says so. */
export interface PersonInterest {
  readonly interest: number;
  /** Share of what a walk from their saves finds, these included; without one, of all their saves, each weighted by its age. */
  readonly weight: number;
  readonly saves: number;
  readonly boards: number;
  readonly newest: number | null;
  /** Undefined if times or saves do not suffice to tell. */
  readonly trend: Trend | undefined;
  /** The latest pins, best first. */
  readonly pins: readonly number[];
}

/** A pin that a walk from a person's saves finds, by the place of its interest; -1 for a pin without one. */
export interface WalkedPin {
  readonly interest: number;
  readonly score: number;
}

interface PersonOptions {
  /** By interest: the one above, -1 for a root. */
  readonly parents: readonly number[];
  /** Days after which a save counts half, before the person's newest one. */
  readonly halfLifeDays: number;
  /** An interest with fewer saves counts as part of the one above. */
  readonly savesMin: number;
  readonly pinsMax: number;
  /** Pins of a walk from the saves, these included: their interests predict later saves better than counts (docs/interests.md). */
  readonly walked?: readonly WalkedPin[] | undefined;
}

const dayMs = 86_400_000;
/** Days before the newest save that are compared with the time before. */
const trendDays = 30;
/** Two-sided 5 % of the normal distribution. */
const trendZ = 1.96;

/**
 * A person's interests from their saves, most liked first, ties to the smaller place. What a walk finds counts for the nearest
 * interest above that they have saves of. Several are kept apart, never averaged:
 * each save counts for one interest, the finest that has enough of them; a root keeps its few. An interest rises or falls when its
 * share of the saves of the last 30 days before the newest one differs from that of the time before, by a two-proportion z-test
 * at 5 %, with five expected saves at least on both sides. O(saves · levels).
 */
export function personInterests(
  saves: readonly PlacedSave[],
  { parents, halfLifeDays, savesMin, pinsMax, walked = [] }: PersonOptions,
): PersonInterest[] {
  const placed = foldSmall(saves, parents, savesMin);
  const newest = saves.reduce<number | null>((max, { savedAt }) => later(max, savedAt), null);
  const recentFrom = newest === null ? Infinity : newest - trendDays * dayMs;
  const weightOf = ({ savedAt }: PlacedSave): number =>
    savedAt === null || newest === null ? 1 : 2 ** (-(newest - savedAt) / (halfLifeDays * dayMs));
  const groups = new Map<number, PlacedSave[]>();
  let [weights, recent, before] = [0, 0, 0];
  for (const [i, save] of saves.entries()) {
    weights += weightOf(save);
    if (save.savedAt !== null) {
      recent += Number(save.savedAt > recentFrom);
      before += Number(save.savedAt <= recentFrom);
    }
    const interest = placed[i]!;
    if (interest < 0) continue;
    const group = groups.get(interest);
    if (group === undefined) groups.set(interest, [save]);
    else group.push(save);
  }
  const shares = sharesOf(walked, parents, groups);
  return [...groups]
    .map(([interest, own]): PersonInterest => {
      const latest = own.toSorted((a, b) => (b.savedAt ?? 0) - (a.savedAt ?? 0) || a.pin - b.pin);
      const timed = own.filter(({ savedAt }) => savedAt !== null);
      const late = timed.filter(({ savedAt }) => savedAt! > recentFrom).length;
      return {
        interest,
        weight: shares?.get(interest) ?? own.reduce((sum, save) => sum + weightOf(save), 0) / weights,
        saves: own.length,
        boards: new Set(own.map(({ board }) => board)).size,
        newest: own.reduce<number | null>((max, { savedAt }) => later(max, savedAt), null),
        trend: trendOf(late, recent, timed.length - late, before),
        pins: [...new Set(latest.map(({ pin }) => pin))].slice(0, pinsMax),
      };
    })
    .toSorted((a, b) => b.weight - a.weight || a.interest - b.interest);
}

/** Shares of the scores above 0 by listed interest; undefined without any. */
function sharesOf(
  walked: readonly WalkedPin[],
  parents: readonly number[],
  listed: ReadonlyMap<number, unknown>,
): Map<number, number> | undefined {
  const shares = new Map([...listed.keys()].map((interest) => [interest, 0]));
  const total = walked.reduce((sum, { score }) => sum + Math.max(0, score), 0);
  if (total === 0) return undefined;
  for (const { interest, score } of walked) {
    let at = interest;
    while (at >= 0 && !listed.has(at)) at = parents[at]!;
    if (at >= 0 && score > 0) shares.set(at, shares.get(at)! + score / total);
  }
  return shares;
}

/** The interest that each save counts for: that of its pin, or one above if that has too few saves. */
function foldSmall(saves: readonly PlacedSave[], parents: readonly number[], savesMin: number): Int32Array {
  const counts = new Int32Array(parents.length);
  for (const { interest } of saves) if (interest >= 0) counts[interest]!++;
  const moved = Int32Array.from(parents, (_, interest) => interest);
  // Interests come after the one above, so those below have been counted before.
  for (let interest = parents.length - 1; interest >= 0; interest--) {
    const parent = parents[interest]!;
    if (parent < 0 || counts[interest] === 0 || counts[interest]! >= savesMin) continue;
    counts[parent]! += counts[interest]!;
    moved[interest] = parent;
  }
  return Int32Array.from(saves, ({ interest }) => {
    let at = interest;
    while (at >= 0 && moved[at] !== at) at = moved[at]!;
    return at;
  });
}

function trendOf(late: number, recent: number, early: number, before: number): Trend | undefined {
  const share = (late + early) / (recent + before);
  // Also without any saves of known time, where the share is no number.
  if (!(Math.min(recent, before) * share >= 5)) return undefined;
  const spread = Math.sqrt(share * (1 - share) * (1 / recent + 1 / before));
  const z = spread === 0 ? 0 : (late / recent - early / before) / spread;
  return z > trendZ ? 'rising' : z < -trendZ ? 'falling' : 'steady';
}

function later(a: number | null, b: number | null): number | null {
  return a === null || (b !== null && b > a) ? b : a;
}
