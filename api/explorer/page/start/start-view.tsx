import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { type Address, type ThingName, noSettings } from '../address/index.ts';
import { RecommendedCards, Trouble, cardFields } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { type Asking, type GraphResponse, type RecommendationResponse, useAnswer } from '../rest/index.ts';

/** The first view: what graph this is, and where to begin. */
export function StartView(): JSX.Element {
  const { client, version } = useExplorer();
  useEffect(() => {
    document.title = 'pinwalk';
  }, []);
  const graph = useAnswer(async (signal) => client.get<GraphResponse>('/v1/graph', signal), [version]);
  return (
    <>
      <section class="hero">
        <h1>See what the walk sees</h1>
        <p class="lead">
          Thousands of short random walks go from a pin to a board and on to another pin. Where they meet is
          what goes together.
        </p>
        <Figures graph={graph.answer} />
        <Trouble asking={graph} />
      </section>
      {graph.problem === undefined && <StartingPoints />}
    </>
  );
}

const pinsShown = 12;
const othersShown = 4;

/** What is saved most, and boards and users that have much of it. */
function StartingPoints(): JSX.Element {
  const { client, version } = useExplorer();
  const fields = cardFields.join(',');
  const popular = useAnswer(
    async (signal) =>
      client.get<RecommendationResponse>(`/v1/popular?limit=${pinsShown}&fields=${fields}`, signal),
    [version],
  );
  const pins = popular.answer?.items.flatMap(({ pin }) => (pin === undefined ? [] : [pin]));
  return (
    <div class="stack">
      <Ways pins={pins ?? []} />
      <RecommendedCards
        heading="Pins to begin with"
        label="Pins to begin with"
        asking={popular}
        limit={pinsShown}
        empty="Nothing is saved yet: pinwalk import brings saves in, or POST /v1/saves."
        linkTo={linkTo}
        detail={({ score }) => `${score.toLocaleString('en')} board${score === 1 ? '' : 's'}`}
      />
      {pins?.length !== 0 && (
        <div class="halves">
          <Around heading="Boards around these" target="boards" pins={pins} />
          <Around heading="Users around these" target="users" pins={pins} />
        </div>
      )}
    </div>
  );
}

/** What else there is to do, with the first pins as examples. */
function Ways({ pins }: { pins: readonly string[] }): JSX.Element {
  const query = pins.slice(0, 2).map((key) => ({ kind: 'pin' as const, key, weight: 1 }));
  const composition = { query, settings: noSettings };
  const compared = { ...composition, other: { ...noSettings, params: { popularityDiscount: 0.5 } } };
  return (
    <div class="row begin-ways">
      {query.length === 2 && (
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

function Around({
  heading,
  target,
  pins,
}: {
  heading: string;
  target: 'boards' | 'users';
  /** Undefined until they are known. */
  pins: readonly string[] | undefined;
}): JSX.Element {
  const { client, version } = useExplorer();
  const query = pins?.map((pin) => ({ pin }));
  const body = { query, target, limit: othersShown, explain: true, fields: cardFields };
  const asking = useAnswer(
    async (signal) => {
      return query && client.post<RecommendationResponse>('/v1/recommendations', body, signal);
    },
    [JSON.stringify(body), version],
  );
  return (
    <RecommendedCards
      heading={heading}
      label={heading}
      asking={asking as Asking<RecommendationResponse>}
      limit={othersShown}
      empty="There are none."
      linkTo={linkTo}
    />
  );
}

function linkTo(thing: ThingName): Address {
  return { view: 'thing', thing, trail: [] };
}

function Figures({ graph }: { graph: GraphResponse | undefined }): JSX.Element {
  const kinds = ['pins', 'boards', 'users', 'saves'] as const;
  return (
    <dl class="figures">
      {kinds.map((kind) => (
        <div key={kind}>
          <dd class="number">{graph?.counts[kind].toLocaleString('en') ?? '\u2007'}</dd>
          <dt>{kind}</dt>
        </div>
      ))}
    </dl>
  );
}
