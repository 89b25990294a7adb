import { tagWeights } from '../../engine/interests/index.ts';
import { pinTextReader, wholeTags } from '../../graph-data/content/index.ts';
import type { Store } from '../../graph-data/index.ts';
import type { Turns } from '../base/index.ts';
import type { PersonInterestsResponse } from '../contract/index.ts';
import type { PlacedPin } from './walked-pins.ts';

type PersonTag = NonNullable<PersonInterestsResponse['tags']>[number];

/** Read in one turn of the event loop: about 2 ms. */
const pinsPerTurn = 200;

/** The tags of the pins that a walk finds, most likely first, ties by text. */
export async function tagsOfPins(
  { store, turns }: { readonly store: Store; readonly turns: Turns },
  walked: readonly PlacedPin[],
  tagsMax: number,
): Promise<PersonTag[]> {
  const textOf = pinTextReader(store.database);
  const tags = new Map<number, readonly string[]>();
  for (const [i, { pin }] of walked.entries()) {
    if (i % pinsPerTurn === 0) await turns.next();
    tags.set(pin, wholeTags(textOf(pin)?.tags ?? []));
  }
  return [...tagWeights(walked, (pin) => tags.get(pin)!)]
    .map(([tag, weight]) => ({ tag, weight }))
    .toSorted((a, b) => b.weight - a.weight || (a.tag < b.tag ? -1 : 1))
    .slice(0, tagsMax);
}
