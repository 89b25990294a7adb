import { hash } from 'node:crypto';

/** The kind of an impression: a pin was shown. Every other kind is an action. */
export const impression = 'impression';

/** An impression or an action of a person, by keys of the application. */
export interface Interaction {
  /** Of the application. Without one, the content identifies the interaction: {@link contentId}. */
  readonly id?: string | undefined;
  /** `impression`, or the name of an action. */
  readonly kind: string;
  readonly user: string;
  /** Of an action, it may be missing: a person unsubscribes from no pin. */
  readonly pin?: string | undefined;
  /** Milliseconds since 1970. Default: now. */
  readonly at?: number | undefined;
  readonly recommendationId?: string | undefined;
  readonly surface?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly arm?: string | undefined;
  /** From 1. */
  readonly rank?: number | undefined;
  readonly score?: number | undefined;
  /** Probability with which the pin was shown at this rank, above 0 and at most 1. */
  readonly propensity?: number | undefined;
  /** The value of an action, in a unit of the application: seconds watched, money spent. Not negative. */
  readonly value?: number | undefined;
  /**
   * The text that the person typed to get the list, with its `recommendationId`: personal, as all of this is.
   */
  readonly query?: string | undefined;
}

/** UTF-16 units of an id, and of the name of a kind, a surface, a pipeline or an arm. */
export const [idLengthMax, nameLengthMax] = [128, 64] as const;
/** UTF-16 units of a query, as in a search. */
export const queryLengthMax = 200;
export const rankMax = 1_000_000;
/** The 1st of January 1990. */
const timeMin = 631_152_000_000;
/** Clocks of clients differ. */
const aheadMsMax = 3_600_000;

interface Fault {
  readonly field: keyof Interaction;
  readonly message: string;
}

/** The faults of an interaction. `now`, and `from`, the earliest time that is kept: milliseconds since 1970. */
export function faultsOf(
  {
    kind,
    pin,
    value,
    at,
    query,
    recommendationId,
  }: Pick<Interaction, 'kind' | 'pin' | 'value' | 'at' | 'query' | 'recommendationId'>,
  now: number,
  from: number,
): Fault[] {
  const faults: Fault[] = [];
  if (kind === impression && pin === undefined)
    faults.push({ field: 'pin', message: 'is missing, and an impression has one' });
  if (kind === impression && value !== undefined)
    faults.push({ field: 'value', message: 'is only for actions' });
  if (query !== undefined && recommendationId === undefined)
    faults.push({ field: 'query', message: 'needs the recommendationId of the list that it found' });
  if (at === undefined) return faults;
  if (at > now + aheadMsMax) faults.push({ field: 'at', message: 'is in the future' });
  else if (at < timeMin) faults.push({ field: 'at', message: 'is before 1990' });
  else if (at < from) faults.push({ field: 'at', message: 'is older than interactions are kept' });
  return faults;
}

export const dayMs = 86_400_000;

/** Days since 1970, UTC. */
export function dayOf(time: number): number {
  return Math.floor(time / dayMs);
}

/**
 * The id of an interaction without one: the same content is the same interaction; its query is of its list. 4 bytes of time within the day keep rows
 * that arrive together on the same pages; 12 bytes of SHA-256 tell them apart.
 */
export function contentId(of: Interaction, at: number): Uint8Array {
  const { kind, user, pin, recommendationId, surface, pipeline, arm, rank, score, propensity, value } = of;
  const content = JSON.stringify([
    [kind, user, pin, at, recommendationId, surface, pipeline, arm],
    [rank, score, propensity, value],
  ]);
  const id = Buffer.allocUnsafe(16);
  id.writeUInt32BE(at - dayMs * dayOf(at));
  hash('sha256', content, 'buffer').copy(id, 4, 0, 12);
  return id;
}
