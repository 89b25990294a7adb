import type { NodeKind, NodeRef } from '../address/index.ts';
import { counted } from '../format/index.ts';
import { type RestClient, type SearchItem, type SearchResponse, nodeOf } from '../rest/index.ts';

/** A node that was found, as it is listed. */
export interface FoundNode extends NodeRef {
  readonly title: string;
  readonly detail: string;
}

/** The results listed per kind. */
const limits = { pin: 6, board: 3, user: 3 } as const satisfies Record<NodeKind, number>;

export const allKinds: readonly NodeKind[] = ['pin', 'board', 'user'];

/** Pins, boards and users that match a text, one request per kind at the same time. */
export async function findNodes(
  client: RestClient,
  text: string,
  kinds: readonly NodeKind[],
  signal: AbortSignal,
): Promise<readonly FoundNode[]> {
  if (text.trim() === '') return [];
  const lists = kinds.map(async (kind) => {
    const parameters = new URLSearchParams({ q: text, kind: `${kind}s`, limit: String(limits[kind]) });
    const { items } = await client.get<SearchResponse>(`/v1/search?${parameters.toString()}`, signal);
    return items.map(foundNode);
  });
  return (await Promise.all(lists)).flat();
}

function foundNode(item: SearchItem): FoundNode {
  const node = nodeOf(item);
  const detail = node.kind === 'board' ? counted(item.pins ?? 0, 'pin') : counted(item.boards ?? 0, 'board');
  const similar = item.source === 'typo' ? 'similar · ' : '';
  return { ...node, title: item.title ?? node.key, detail: similar + detail };
}
