import type { JSX } from 'preact';
import { nodeAddress } from '../address/index.ts';
import { RankedTable, ReasonLine, ScoreBar, TableToggle, Tile, useIsTable } from '../cards/index.ts';
import { NodeLink, useExplorer, useTitle } from '../context/index.ts';
import { IconButton, ProblemMessage, Skeletons } from '../controls/index.ts';
import { formatCount } from '../format/index.ts';
import { type Fetched, type RecommendationResponse, type RecommendedItem, nodeOf } from '../rest/index.ts';
import type { Mark } from './compare.ts';
import { MarkBadge } from './mark-badge.tsx';
import { useGlide } from './use-glide.ts';

const skeletons = 12;

/** Recommendations line by line. Earlier ones stay until their successors arrive. */
export function RankedList({
  label,
  fetched,
  marks,
  isSecond = false,
  hasTable = false,
  onExclude,
}: {
  label: string;
  fetched: Fetched<RecommendationResponse | undefined>;
  marks?: ReadonlyMap<string, Mark> | undefined;
  /** Whether it is the second of two lists. */
  isSecond?: boolean;
  /** Whether the list can be shown as a table of its figures. */
  hasTable?: boolean;
  /** Called with a pin that the visitor excludes. */
  onExclude: (pin: string) => void;
}): JSX.Element {
  const { titles } = useExplorer();
  const { data, problem, isStale } = fetched;
  const items = data?.items ?? [];
  const best = items[0]?.score ?? 1;
  const list = useGlide(data);
  const isTable = useIsTable() && hasTable;
  for (const item of items) titles.add(nodeOf(item), item.fields?.['title']);
  return (
    <section class="stack" aria-label={label}>
      <Facts label={label} fetched={fetched} hasTable={hasTable} />
      <ProblemMessage fetched={fetched} />
      {data !== undefined && data.missing.length > 0 && (
        <p class="quiet small">Not in the graph: {data.missing.join(', ')}.</p>
      )}
      {data?.fallback === 'cold-start' && (
        <p class="quiet small">The query has no saves yet, so these are popular ones.</p>
      )}
      {data !== undefined && items.length === 0 && problem === undefined && (
        <p class="quiet">No results. The filter or minRelevance may be too strict.</p>
      )}
      {isTable && data !== undefined ? (
        <RankedTable
          label={`${label}, ranked`}
          items={items}
          isStale={isStale && problem === undefined}
          linkTo={nodeAddress}
        />
      ) : (
        <ol
          ref={list}
          class="ranked lines"
          aria-label={`${label}, ranked`}
          aria-busy={isStale && problem === undefined}
        >
          {data === undefined && problem === undefined && <Skeletons count={skeletons} class="ranked-line" />}
          {items.map((item) => {
            const node = nodeOf(item);
            const mark = marks?.get(node.key);
            return (
              <Line
                key={node.key}
                item={item}
                share={best > 0 ? item.score / best : 0}
                isLit={mark === 'only'}
                badge={mark !== undefined && <MarkBadge mark={mark} isSecond={isSecond} />}
                onExclude={onExclude}
              />
            );
          })}
        </ol>
      )}
    </section>
  );
}

function Facts({
  label,
  fetched: { data, problem },
  hasTable,
}: {
  label: string;
  fetched: Fetched<RecommendationResponse | undefined>;
  hasTable: boolean;
}): JSX.Element {
  const { algorithm, stats } = data ?? {};
  const steps = stats?.['steps'];
  return (
    <div class="row apart">
      <h2>{label}</h2>
      <div class="row">
        <p class="quiet small number">
          {algorithm !== undefined && stats !== undefined ? (
            <>
              <code>{algorithm.name}</code>
              {typeof steps === 'number' && ` · ${formatCount(steps)} steps`} · {stats.walkMs.toFixed(1)} ms ·{' '}
              {formatCount(stats.candidates)} candidates
            </>
          ) : (
            problem === undefined && 'Loading …'
          )}
        </p>
        {hasTable && <TableToggle list="List" />}
      </div>
    </div>
  );
}

function Line({
  item,
  share,
  isLit,
  badge,
  onExclude,
}: {
  item: RecommendedItem;
  share: number;
  isLit: boolean;
  badge: JSX.Element | false;
  onExclude: (pin: string) => void;
}): JSX.Element {
  const node = nodeOf(item);
  const title = useTitle(node);
  return (
    <li data-key={node.key} class={isLit ? 'ranked-line is-lit' : 'ranked-line'}>
      <span class="rank number" aria-hidden="true">
        {item.rank}
      </span>
      <Tile name={title} imageUrl={item.fields?.['imageUrl']} />
      <div class="ranked-text">
        <NodeLink node={node} />
        {item.reason !== undefined && <ReasonLine reason={item.reason} kind={node.kind} />}
      </div>
      {badge}
      {node.kind === 'pin' && (
        <IconButton
          icon="minus"
          class="small exclude"
          label={`Exclude ${title}`}
          title="Exclude"
          onClick={() => onExclude(node.key)}
        />
      )}
      <ScoreBar share={share} />
    </li>
  );
}
