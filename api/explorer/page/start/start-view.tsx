import type { JSX } from 'preact';
import { compositionOf, noSettings } from '../address/index.ts';
import { RecommendedCards, cardFields } from '../cards/index.ts';
import { Link, useGet, usePageTitle, usePost } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { counted, formatCount } from '../format/index.ts';
import type { GraphResponse, RecommendationResponse } from '../rest/index.ts';

const pinsShown = 12;
const othersShown = 4;

/** The first view: the size of the graph, and pins, boards and users to start with. */
export function StartView(): JSX.Element {
  usePageTitle();
  const graph = useGet<GraphResponse>('/v1/graph');
  return (
    <>
      <section class="hero">
        <h1>Explore the graph</h1>
        <p class="lead">
          Thousands of short random walks go from a pin to one of its boards and on to another pin. The pins
          that they visit most are recommended.
        </p>
        <Figures graph={graph.data} />
        <ProblemMessage fetched={graph} />
      </section>
      {graph.problem === undefined && <StartingPoints />}
    </>
  );
}

/** The most saved pins, and boards and users that have many of them. */
function StartingPoints(): JSX.Element {
  const fields = cardFields.join(',');
  const popular = useGet<RecommendationResponse>(`/v1/popular?limit=${pinsShown}&fields=${fields}`);
  const pins = popular.data?.items.flatMap(({ pin }) => pin ?? []);
  return (
    <div class="stack loose">
      <ExampleLinks pins={pins ?? []} />
      <RecommendedCards
        heading="Most saved pins"
        fetched={popular}
        limit={pinsShown}
        empty="There are no saves yet: import some with pinwalk import, or send them to POST /v1/saves."
        detail={({ score }) => counted(score, 'board')}
      />
      {pins?.length !== 0 && (
        <div class="halves">
          <Related heading="Boards with these pins" target="boards" pins={pins} />
          <Related heading="Users with these pins" target="users" pins={pins} />
        </div>
      )}
    </div>
  );
}

/** Links to the other views, with the first pins as examples. */
function ExampleLinks({ pins }: { pins: readonly string[] }): JSX.Element {
  const composition = compositionOf(pins.slice(0, 2).map((key) => ({ kind: 'pin', key })));
  const compared = { ...composition, other: { ...noSettings, params: { popularityDiscount: 0.5 } } };
  return (
    <div class="row start-links">
      {pins.length > 1 && (
        <>
          <Link to={{ view: 'compose', composition }} class="button primary">
            Compose a query
          </Link>
          <Link to={{ view: 'compose', composition: compared }} class="button">
            Compare two settings
          </Link>
          <Link to={{ view: 'walk', composition }} class="button">
            Draw a walk
          </Link>
        </>
      )}
    </div>
  );
}

function Related({
  heading,
  target,
  pins,
}: {
  heading: string;
  target: 'boards' | 'users';
  /** Undefined until they are loaded. */
  pins: readonly string[] | undefined;
}): JSX.Element {
  const query = pins?.map((pin) => ({ pin }));
  const body = query && { query, target, limit: othersShown, explain: true, fields: cardFields };
  const fetched = usePost<RecommendationResponse>('/v1/recommendations', body);
  return <RecommendedCards heading={heading} fetched={fetched} limit={othersShown} empty="None found." />;
}

function Figures({ graph }: { graph: GraphResponse | undefined }): JSX.Element {
  const kinds = ['pins', 'boards', 'users', 'saves'] as const;
  return (
    <dl class="figures">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{kind}</dt>
          <dd class="number">{graph === undefined ? '\u2007' : formatCount(graph.counts[kind])}</dd>
        </div>
      ))}
    </dl>
  );
}
