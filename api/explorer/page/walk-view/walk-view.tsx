import type { JSX } from 'preact';
import { type Composition, type DrawingChoice, bodyOf } from '../address/index.ts';
import { Link, useExplorer, usePageTitle, usePost } from '../context/index.ts';
import { ProblemMessage, Segments } from '../controls/index.ts';
import { formatCount } from '../format/index.ts';
import type { WalkResponse } from '../rest/index.ts';
import { WalkQuery } from './walk-query.tsx';
import { Walked } from './walked.tsx';

const nodesDefault = 300;
const nodesChoices = [100, 300, 1_000, 2_000];

/** The walk of a query: a drawing of the nodes it visits most, and the paths to each recommendation. */
export function WalkView({
  composition,
  drawing = {},
}: {
  composition: Composition;
  drawing?: DrawingChoice | undefined;
}): JSX.Element {
  const { go, titles } = useExplorer();
  const { query, settings } = composition;
  usePageTitle('Walk');
  const nodes = drawing.nodes ?? nodesDefault;
  const change = (next: Partial<Composition>): void =>
    go({ view: 'walk', composition: { ...composition, ...next }, drawing });
  const draw = (next: DrawingChoice): void =>
    go({ view: 'walk', composition, drawing: { ...drawing, ...next } }, 'replace');
  const fetched = usePost<WalkResponse>(
    `/v1/walks?nodes=${nodes}`,
    query.length === 0 ? undefined : bodyOf(query, { ...settings, whyNot: [] }),
  );
  const isNoWalk = fetched.problem?.faults.some(({ pointer }) => pointer === '/algorithm') === true;
  return (
    <>
      <div class="row apart view-head">
        <h1>Walk</h1>
        <div class="row">
          <Segments
            label="Nodes to draw"
            options={nodesChoices.map((choice) => [choice, formatCount(choice)] as const)}
            value={nodes}
            onChange={(choice) => draw({ nodes: choice })}
          />
          <Link to={{ view: 'compose', composition }} class="button">
            Compose
          </Link>
        </div>
      </div>
      <WalkQuery query={query} onChange={(next) => change({ query: next })} />
      {isNoWalk ? (
        <div class="problem">
          <p>
            <strong>{settings.algorithm} is not a random walk.</strong> There is nothing to draw.
          </p>
          <button
            type="button"
            class="button"
            onClick={() => change({ settings: { ...settings, algorithm: undefined, params: {} } })}
          >
            Use the default algorithm
          </button>
        </div>
      ) : (
        <ProblemMessage fetched={fetched} />
      )}
      {query.length === 0 && (
        <p class="placeholder">
          Add a pin, a board or a user. The walk from there is drawn here, with the paths to each
          recommendation.
        </p>
      )}
      {query.length > 0 && !isNoWalk && (
        <Walked
          walk={fetched.data}
          query={query.map((node) => titles.get(node)).join(', ')}
          isStale={fetched.isStale}
          lit={drawing.lit}
          onLit={(lit) => draw({ lit })}
        />
      )}
    </>
  );
}
