import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { counted, formatCount } from '../format/index.ts';
import { type WalkResponse, nodeOf } from '../rest/index.ts';
import type { Communities } from './communities.ts';
import { ConvergencePlot } from './convergence-plot.tsx';
import { NodesTable } from './nodes-table.tsx';
import { Stage } from './stage.tsx';
import { WalkedList } from './walked-list.tsx';

/** A walk: its drawing, its recommendations, how they converge, and the drawing as a table. */
export function Walked({
  walk,
  query,
  isStale,
  lit,
  onLit,
}: {
  walk: WalkResponse | undefined;
  query: string;
  isStale: boolean;
  /** The key of the recommendation whose paths are highlighted. */
  lit: string | undefined;
  onLit: (lit: string | undefined) => void;
}): JSX.Element {
  const [communities, setCommunities] = useState<Communities>();
  const keys = useMemo(() => walk?.items.map((item) => nodeOf(item).key) ?? [], [walk]);
  const selected = lit === undefined ? -1 : keys.indexOf(lit);
  return (
    <div class="walk" aria-busy={isStale}>
      <Facts walk={walk} />
      <Stage
        walk={walk}
        query={query}
        selected={selected}
        communities={communities}
        onCommunities={setCommunities}
        onSelect={(index) => onLit(keys[index])}
      />
      <WalkedList
        walk={walk}
        selected={selected}
        onSelect={(index) => onLit(index === selected ? undefined : keys[index])}
      />
      <div class="walk-below">
        <ConvergencePlot walk={walk} />
        <NodesTable walk={walk} communities={communities} />
      </div>
    </div>
  );
}

function Facts({ walk }: { walk: WalkResponse | undefined }): JSX.Element {
  if (walk === undefined) return <p class="small">{'\u2007'}</p>;
  const { steps, restarts, nodes, edges, edgesLeftOut, missing, fallback, algorithm } = walk;
  return (
    <p class="quiet small number">
      {fallback === null ? (
        <>
          <code>{algorithm.preset ?? algorithm.name}</code> · {counted(steps.walked, 'step')} ·{' '}
          {counted(restarts.counted, 'restart')} · drawn: {counted(nodes.length, 'node')},{' '}
          {counted(edges.length, 'save')}
          {edgesLeftOut > 0 && ` of ${formatCount(edges.length + edgesLeftOut)}`}
        </>
      ) : (
        'The query has no saves yet, so nothing was walked; the recommendations are popular ones.'
      )}
      {missing.length > 0 && ` · not in the graph: ${missing.join(', ')}`}
    </p>
  );
}
