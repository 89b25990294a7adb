import { numberOfKey } from '../../engine/random/index.ts';
import { type StoredInteraction, impression } from '../interactions/index.ts';

/** The events of one moment of the log, in the order in which they count. */
interface Moment<Shown> {
  readonly shown: readonly Shown[];
  readonly acted: readonly { readonly of: Shown; readonly action: StoredInteraction }[];
}

interface Impression<Shown> {
  readonly of: Shown;
  readonly at: number;
}

/** Clocks of clients and servers differ: an action may come with a time so long before that of its impression. */
const skewMsMax = 86_400_000;

/**
 * Credits actions to impressions as both come: to the impression of the pin in the list that the action names,
 * else to the last one of the pin to the person within the window. An action that names a list which was not
 * shown yet waits a day for it. Later events change no credit, so a growing log has the credits of the whole
 * log. O(1) a row; holds the impressions of a window.
 */
export class ActionCredits<Shown> {
  readonly #windowMs: number;
  readonly #toShown: (of: StoredInteraction) => Shown;
  // The ones that came last stand last.
  readonly #byPerson = new Map<string, Impression<Shown>>();
  readonly #byList = new Map<string, Impression<Shown>>();
  readonly #waiting = new Map<string, StoredInteraction[]>();

  constructor(windowMs: number, toShown: (of: StoredInteraction) => Shown) {
    this.#windowMs = windowMs;
    this.#toShown = toShown;
  }

  /** Takes the interactions of one moment; moments must come in their order. */
  take(rows: readonly StoredInteraction[], at: number): Moment<Shown> {
    const shown: Shown[] = [];
    const acted: { of: Shown; action: StoredInteraction }[] = [];
    for (const row of rows) {
      if (row.kind !== impression) continue;
      const of = this.#toShown(row);
      shown.push(of);
      put(this.#byPerson, personKey(row), { of, at });
      const list = listKey(row);
      if (list === undefined) continue;
      put(this.#byList, list, { of, at });
      for (const action of this.#waiting.get(list) ?? []) {
        if (at - action.at <= skewMsMax) acted.push({ of, action });
      }
      this.#waiting.delete(list);
    }
    for (const action of rows) {
      if (action.kind === impression || action.pin === undefined) continue;
      const list = listKey(action);
      const found = [
        list === undefined ? undefined : this.#byList.get(list),
        this.#byPerson.get(personKey(action)),
      ];
      const credited = found.find((each) => each !== undefined && at - each.at <= this.#windowMs);
      if (credited !== undefined) acted.push({ of: credited.of, action });
      else if (list !== undefined) put(this.#waiting, list, [...(this.#waiting.get(list) ?? []), action]);
    }
    this.#forget(at);
    return { shown, acted };
  }

  #forget(now: number): void {
    for (const map of [this.#byPerson, this.#byList]) {
      for (const [key, { at }] of map) {
        if (now - at <= this.#windowMs) break;
        map.delete(key);
      }
    }
    for (const [key, actions] of this.#waiting) {
      if (now - actions.at(-1)!.at <= skewMsMax) break;
      this.#waiting.delete(key);
    }
  }
}

/** Sets an entry, and makes it the last one. */
function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
}

function personKey({ user, pin }: StoredInteraction): string {
  return `${numberOfKey(user)} ${pin}`;
}

function listKey({ recommendationId, pin }: StoredInteraction): string | undefined {
  return recommendationId === undefined ? undefined : `${recommendationId} ${pin}`;
}
