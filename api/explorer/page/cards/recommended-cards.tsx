import type { ComponentChildren, JSX } from 'preact';
import { type Address, type NodeRef, nodeAddress } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import { ProblemMessage, Skeletons } from '../controls/index.ts';
import { type RecommendedItem, nodeOf } from '../rest/index.ts';
import { ImagesToggle } from './images-toggle.tsx';
import { NodeCard } from './node-card.tsx';
import { RankedTable } from './ranked-table.tsx';
import { TableToggle, useIsTable } from './table-toggle.tsx';
import { isOwn, safeImageUrl } from './tile.tsx';
import type { RankedList } from './use-ranked.ts';

/** A ranked list as cards under a heading. */
export function RecommendedCards({
  heading,
  fetched,
  limit,
  onMore,
  empty,
  note,
  linkTo = nodeAddress,
  actions,
  detail,
  hasTable = false,
}: RankedList & {
  heading: string;
  /** The text for an empty list. */
  empty: string;
  /** A line above the items. */
  note?: string | undefined;
  linkTo?: (node: NodeRef) => Address;
  actions?: (node: NodeRef) => ComponentChildren;
  /** The text of a card instead of its reason. */
  detail?: (item: RecommendedItem) => string;
  /** Whether the list can be shown as a table of its figures. */
  hasTable?: boolean;
}): JSX.Element {
  const { titles, showsImages } = useExplorer();
  const { data, problem, isStale } = fetched;
  const items = data?.items ?? [];
  const urls = items.flatMap(({ fields }) => safeImageUrl(fields?.['imageUrl']) ?? []);
  const isTall = urls.some((url) => showsImages || isOwn(url));
  const best = items[0]?.score ?? 1;
  const isTable = useIsTable() && hasTable;
  for (const item of items) titles.add(nodeOf(item), item.fields?.['title']);
  const low = detail === undefined ? '' : 'low';
  return (
    <section class="stack">
      <div class="row apart">
        <h2>{heading}</h2>
        <div class="row">
          <ImagesToggle hasImages={!urls.every(isOwn) && !isTable} />
          {hasTable && <TableToggle list="Cards" />}
        </div>
      </div>
      <ProblemMessage fetched={fetched} />
      {data?.fallback === 'cold-start' && detail === undefined && (
        <p class="quiet">There are no saves here yet, so these are popular ones.</p>
      )}
      {note !== undefined && <p class="quiet">{note}</p>}
      {data !== undefined && items.length === 0 && <p class="quiet">{empty}</p>}
      {isTable && data !== undefined ? (
        <RankedTable
          label={heading}
          items={items}
          isStale={isStale && problem === undefined}
          linkTo={linkTo}
          actions={actions}
        />
      ) : (
        <ul class={`grid ${low}`} aria-label={heading} aria-busy={isStale && problem === undefined}>
          {data === undefined && problem === undefined && <Skeletons count={limit} class={`card ${low}`} />}
          {items.map((item) => {
            const node = nodeOf(item);
            return (
              <NodeCard
                key={node.key}
                node={node}
                to={linkTo(node)}
                imageUrl={item.fields?.['imageUrl']}
                isTall={isTall}
                text={detail?.(item) ?? item.reason}
                share={best > 0 ? item.score / best : undefined}
                actions={actions?.(node)}
              />
            );
          })}
        </ul>
      )}
      {onMore !== undefined && (
        <div>
          <button type="button" class="button" disabled={isStale} onClick={onMore}>
            More
          </button>
        </div>
      )}
    </section>
  );
}
