import { type LoggedItem, OffPolicy } from '../../engine/offpolicy/index.ts';
import {
  DataError,
  type DataFolder,
  type StoredInteraction,
  impression,
  readInteractions,
} from '../../graph-data/index.ts';

/** Which lists of a folder's own log, and which reward. */
export interface OwnLog {
  readonly surface: string;
  /** As interactions name it. Default: every arm that draws. */
  readonly arm?: string | undefined;
  /** The kind of action that is a reward of 1. */
  readonly action: string;
}

/** An impression of a drawn list. */
interface Shown {
  readonly pin: string;
  readonly rank: number;
  readonly score: number;
  readonly propensity: number;
}

/**
 * Reads the lists of a folder that were recorded with propensities, to estimate their reward without the draw:
 * with the best score first. An item is rewarded once, if an action names its pin and recommendation. The
 * estimate needs lists that show all pins that were drawn from; otherwise its mean weight is not 1, and it is
 * refused. Throws `experiment-unusable` without such lists. Memory: some 300 bytes an impression.
 */
export function readOwnLog(folder: DataFolder, { surface, arm, action }: OwnLog): OffPolicy {
  const users = new Map<string, Map<string, Shown[]>>();
  const acted = new Set<string>();
  for (const row of readInteractions(folder)) {
    const { kind, user, recommendationId } = row;
    if (recommendationId === undefined) continue;
    if (kind === action) acted.add(JSON.stringify([recommendationId, row.pin]));
    const isWanted = row.surface === surface && (arm === undefined || row.arm === arm);
    const shown = isWanted ? shownBy(row) : undefined;
    if (shown === undefined) continue;
    const lists = users.get(user) ?? new Map<string, Shown[]>();
    users.set(user, lists);
    const items = lists.get(recommendationId);
    if (items === undefined) lists.set(recommendationId, [shown]);
    else items.push(shown);
  }
  if (users.size === 0) {
    const of = arm === undefined ? '' : ` in the arm ${arm}`;
    throw new DataError(
      'experiment-unusable',
      `no list on the surface ${surface}${of} was recorded with propensities: let an arm explore (docs/experiments.md)`,
    );
  }
  const offPolicy = new OffPolicy('item-position');
  for (const lists of users.values()) {
    offPolicy.addUser(
      [...lists].map(([id, items]) => itemsOf(items, (pin) => acted.has(JSON.stringify([id, pin])))),
    );
  }
  return offPolicy;
}

function shownBy({ kind, pin, rank, score, propensity }: StoredInteraction): Shown | undefined {
  if (kind !== impression || pin === undefined || rank === undefined) return undefined;
  return score === undefined || propensity === undefined ? undefined : { pin, rank, score, propensity };
}

/** The items of a list from its first place on; undrawn, the one with the p-th best score stands at place p. */
function itemsOf(shown: readonly Shown[], isRewarded: (pin: string) => boolean): LoggedItem[] {
  const list = shown.toSorted((a, b) => a.rank - b.rank);
  const undrawn = list.toSorted((a, b) => b.score - a.score);
  return list.map((item, place) => ({
    reward: Number(isRewarded(item.pin)),
    propensity: item.propensity,
    target: Number(undrawn[place] === item),
  }));
}
