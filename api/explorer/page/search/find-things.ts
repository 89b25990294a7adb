import type { ThingKind, ThingName } from '../address/index.ts';
import type { RestClient, SearchResponse, SearchItem } from '../rest/index.ts';

/** Something that was found, as it is listed. */
export interface FoundThing extends ThingName {
  readonly title: string;
  readonly detail: string;
}

/** How many are listed of each kind. */
const shown: Readonly<Record<ThingKind, number>> = { pin: 6, board: 3, user: 3 };

/** Pins, boards and users for a text that is being typed, asked for at the same time. */
export async function findThings(
  client: RestClient,
  text: string,
  kinds: readonly ThingKind[],
  signal: AbortSignal,
): Promise<readonly FoundThing[]> {
  if (text.trim() === '') return [];
  const lists = kinds.map(async (kind) => {
    const parameters = new URLSearchParams({ q: text, kind: `${kind}s`, limit: String(shown[kind]) });
    const { items } = await client.get<SearchResponse>(`/v1/search?${parameters.toString()}`, signal);
    return items.map((item) => foundThing(kind, item));
  });
  return (await Promise.all(lists)).flat();
}

function foundThing(kind: ThingKind, item: SearchItem): FoundThing {
  const key = item[kind] ?? '';
  const count = kind === 'board' ? item.pins : item.boards;
  const noun = kind === 'board' ? 'pin' : 'board';
  const detail = `${(count ?? 0).toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
  return { kind, key, title: item.title ?? key, detail };
}
