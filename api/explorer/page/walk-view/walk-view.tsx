import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Composition, type DrawingChoice, bodyOf } from '../address/index.ts';
import { Trouble } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type WalkResponse, useAnswer } from '../rest/index.ts';
import type { Communities } from './communities.ts';
import { NodesTable } from './nodes-table.tsx';
import { QueryLine } from './query-line.tsx';
import { SettlesPlot } from './settles-plot.tsx';
import { Stage } from './stage.tsx';
import { counted, keyOfItem } from './walk.ts';
import { WalkedList } from './walked-list.tsx';

const nodesUsual = 300;
const nodesChoices = [100, 300, 1_000, 2_000];

/** The neighborhood of a query, drawn, with the ways to each recommendation. */
export function WalkView({
  composition,
  drawing = {},
}: {
  composition: Composition;
  drawing?: DrawingChoice | undefined;
}): JSX.Element {
  const { client, version, go } = useExplorer();
  const { query, settings } = composition;
  useEffect(() => {
    document.title = 'Walk · pinwalk';
  }, []);
  const nodes = drawing.nodes ?? nodesUsual;
  const change = (next: { composition?: Composition; drawing?: DrawingChoice }): void =>
    go({ view: 'walk', composition, drawing, ...next }, next.composition === undefined ? 'replace' : 'push');
  const request = bodyOf(query, settings);
  const asking = useAnswer(
    async (signal) =>
      query.length === 0 ? undefined : client.post<WalkResponse>(`/v1/walks?nodes=${nodes}`, request, signal),
    [JSON.stringify(request), nodes, version],
  );
  const isOfOtherKind = asking.problem?.faults.some(({ pointer }) => pointer === '/algorithm') === true;
  return (
    <>
      <div class="row apart view-head">
        <h1>The walk</h1>
        <div class="row">
          <NodesChoice nodes={nodes} onChange={(next) => change({ drawing: { ...drawing, nodes: next } })} />
          <Link to={{ view: 'compose', composition }} class="button">
            Compose
          </Link>
        </div>
      </div>
      <QueryLine
        query={query}
        onChange={(next) => change({ composition: { ...composition, query: next } })}
      />
      {isOfOtherKind && (
        <div class="trouble">
          <p>
            <strong>{settings.algorithm} does not walk.</strong> There is nothing to draw of it.
          </p>
          <button
            type="button"
            class="button"
            onClick={() =>
              change({ composition: { query, settings: { ...settings, algorithm: undefined, params: {} } } })
            }
          >
            Walk with the usual settings
          </button>
        </div>
      )}
      {!isOfOtherKind && <Trouble asking={asking} />}
      {query.length === 0 ? (
        <p class="composer-empty quiet">
          Add a pin, a board or a user: where walkers go from there is drawn here, with the ways to each
          recommendation.
        </p>
      ) : (
        !isOfOtherKind && (
          <Walked
            walk={asking.answer}
            isStale={asking.isStale}
            lit={drawing.lit}
            onLit={(lit) => change({ drawing: { ...drawing, lit } })}
          />
        )
      )}
    </>
  );
}

function NodesChoice({ nodes, onChange }: { nodes: number; onChange: (nodes: number) => void }): JSX.Element {
  return (
    <div class="segments" role="group" aria-label="Nodes to draw">
      {nodesChoices.map((choice) => (
        <button
          key={choice}
          type="button"
          class="segment number"
          aria-pressed={choice === nodes}
          onClick={() => onChange(choice)}
        >
          {choice.toLocaleString('en')}
        </button>
      ))}
    </div>
  );
}

function Walked({
  walk,
  isStale,
  lit,
  onLit,
}: {
  walk: WalkResponse | undefined;
  isStale: boolean;
  lit: string | undefined;
  onLit: (lit: string | undefined) => void;
}): JSX.Element {
  const [communities, setCommunities] = useState<Communities>();
  const place = useMemo(() => walk?.items.findIndex((item) => keyOfItem(item) === lit) ?? -1, [walk, lit]);
  return (
    <div class="walk" aria-busy={isStale}>
      <Facts walk={walk} />
      <Stage
        walk={walk}
        place={place}
        communities={communities}
        onCommunities={setCommunities}
        onItem={(next) => onLit(walk?.items[next] && keyOfItem(walk.items[next]))}
      />
      <WalkedList
        walk={walk}
        place={place}
        onItem={(next) => onLit(next === place || !walk ? undefined : keyOfItem(walk.items[next]!))}
      />
      <div class="walk-below">
        <SettlesPlot walk={walk} />
        <NodesTable walk={walk} communities={communities} />
      </div>
    </div>
  );
}

function Facts({ walk }: { walk: WalkResponse | undefined }): JSX.Element {
  if (walk === undefined) return <p class="walk-facts quiet small">{'\u2007'}</p>;
  const { steps, restarts, nodes, edges, edgesLeftOut, missing, fallback, algorithm } = walk;
  return (
    <p class="walk-facts quiet small number">
      {fallback === null ? (
        <>
          <code>{algorithm.preset ?? algorithm.name}</code> · {counted(steps.walked, 'step')} ·{' '}
          {counted(restarts.counted, 'restart')} · drawn: {counted(nodes.length, 'node')},{' '}
          {counted(edges.length, 'save')}
          {edgesLeftOut > 0 && ` of ${(edges.length + edgesLeftOut).toLocaleString('en')}`}
        </>
      ) : (
        'Nothing is saved there yet, so there was no walk: this is what is popular.'
      )}
      {missing.length > 0 && ` · not in the graph: ${missing.join(', ')}`}
    </p>
  );
}
