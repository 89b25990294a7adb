import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { NodeRef } from '../address/index.ts';
import { NodeLink, useExplorer } from '../context/index.ts';
import { ProblemMessage, Skeletons } from '../controls/index.ts';
import { counted } from '../format/index.ts';
import { type UserSavesResponse, type PinSavesResponse, type RestClient, useFetched } from '../rest/index.ts';
import type { NodeViewProps } from './node-view-props.ts';

/** A save in the list of a pin, a board or a user. Each of these lists omits the key that its saves share. */
type Save = Partial<PinSavesResponse['saves'][number] & UserSavesResponse['saves'][number]>;
type SavesPage = Pick<PinSavesResponse, 'nextCursor'> & { readonly saves: readonly Save[] };

const pageSize = 12;
/** The saves of a user come board by board, so a list of boards takes more of them. */
const groupedPageSize = 1_000;

/** The saves of a node, page by page, each shown as its board or its pin. */
export function SavesList({
  heading,
  path,
  empty,
  kind,
  linkTo,
  actions,
  isGrouped = false,
}: {
  heading: string;
  /** Of the node in the API. */
  path: string;
  empty: string;
  kind: 'pin' | 'board';
  linkTo: NodeViewProps['linkTo'];
  actions?: (node: NodeRef) => ComponentChildren;
  /** Whether saves of the same node form one line with their count. */
  isGrouped?: boolean;
}): JSX.Element {
  const { client, version } = useExplorer();
  const [pages, setPages] = useState(1);
  const fetched = useFetched(
    (signal) => readPages(client, path, pages, isGrouped ? groupedPageSize : pageSize, signal),
    [path, pages, isGrouped, version],
  );
  const { data, problem, isStale } = fetched;
  const saves = Map.groupBy(data?.saves ?? [], (save) => save[kind] ?? '');
  const lines = isGrouped ? [...saves].slice(0, pages * pageSize) : [...saves];
  const hasMore = lines.length < saves.size || (data !== undefined && data.nextCursor !== null);
  return (
    <aside class="saves stack" aria-label={heading}>
      <h2>{heading}</h2>
      <ProblemMessage fetched={fetched} />
      {data !== undefined && lines.length === 0 && <p class="quiet">{empty}</p>}
      <ul class="lines" aria-busy={isStale && problem === undefined}>
        {data === undefined && problem === undefined && <Skeletons count={pageSize} class="" />}
        {lines.map(([key, [save, ...others]]) => (
          <li key={key}>
            <NodeLink node={{ kind, key }} to={linkTo({ kind, key })} />
            <span class="quiet small number">
              {isGrouped ? counted(others.length + 1, 'pin') : save?.savedAt?.slice(0, 10)}
            </span>
            {actions?.({ kind, key })}
          </li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" class="button" disabled={isStale} onClick={() => setPages(pages + 1)}>
          More
        </button>
      )}
    </aside>
  );
}

/** The first pages together, so the list is complete again after a write. */
async function readPages(
  client: RestClient,
  path: string,
  pages: number,
  size: number,
  signal: AbortSignal,
): Promise<SavesPage> {
  const saves: Save[] = [];
  let nextCursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const parameters = new URLSearchParams({
      limit: String(size),
      ...(nextCursor && { cursor: nextCursor }),
    });
    const next: SavesPage = await client.get(`${path}/saves?${parameters.toString()}`, signal);
    saves.push(...next.saves);
    ({ nextCursor } = next);
    if (nextCursor === null) break;
  }
  return { saves, nextCursor };
}
