import type { SearchChoice } from '../address/index.ts';
import type { RestClient, SearchItem, SearchResponse } from '../rest/index.ts';

const pageSize = 20;
const suggestionsMax = 6;

/** The first pages of a search together, with the facts about all hits that the first one states. */
export async function readPages(
  client: RestClient,
  { q, expand, user, filter }: SearchChoice,
  pages: number,
  signal: AbortSignal,
): Promise<SearchResponse | undefined> {
  if (q.trim() === '') return undefined;
  const parameters = new URLSearchParams({
    q,
    limit: String(pageSize),
    explain: 'true',
    facets: '*',
    suggest: String(suggestionsMax),
    ...(expand === true && { expand: 'true' }),
    ...(user !== undefined && { user }),
    ...(filter !== undefined && { filter: JSON.stringify(filter) }),
  });
  const read = async (): Promise<SearchResponse> => client.get(`/v1/search?${parameters.toString()}`, signal);
  const first = await read();
  const items: SearchItem[] = [...first.items];
  let { nextCursor } = first;
  parameters.delete('facets');
  parameters.delete('suggest');
  for (let page = 1; page < pages && nextCursor !== null; page++) {
    parameters.set('cursor', nextCursor);
    const next = await read();
    items.push(...next.items);
    ({ nextCursor } = next);
  }
  return { ...first, items, nextCursor };
}
