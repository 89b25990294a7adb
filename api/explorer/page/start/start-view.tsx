import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Address, ThingName } from '../address/index.ts';
import { RecommendedCards, Trouble, cardFields } from '../cards/index.ts';
import { useExplorer } from '../context/index.ts';
import { type GraphAnswer, type Recommendations, useAnswer } from '../rest/index.ts';

/** The first view: what graph this is, and where to begin. */
export function StartView(): JSX.Element {
  const { client, version } = useExplorer();
  useEffect(() => {
    document.title = 'pinwalk';
  }, []);
  const graph = useAnswer(async (signal) => client.get<GraphAnswer>('/v1/graph', signal), [version]);
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

function StartingPoints(): JSX.Element {
  return (
    <div class="stack">
      <Popular heading="Pins to begin with" target="pins" limit={12} noun="board" />
      <div class="halves">
        <Popular heading="Large boards" target="boards" limit={4} noun="pin" />
        <Popular heading="Users who saved much" target="users" limit={4} noun="save" />
      </div>
    </div>
  );
}

function Popular({
  heading,
  target,
  limit,
  noun,
}: {
  heading: string;
  target: string;
  limit: number;
  noun: string;
}): JSX.Element {
  const { client, version } = useExplorer();
  const asking = useAnswer(
    async (signal) => {
      const parameters = new URLSearchParams({ target, limit: String(limit), fields: cardFields.join(',') });
      return client.get<Recommendations>(`/v1/popular?${parameters.toString()}`, signal);
    },
    [target, limit, version],
  );
  return (
    <RecommendedCards
      heading={heading}
      label={heading}
      asking={asking}
      limit={limit}
      empty="Nothing is saved yet: pinwalk import brings saves in, or the button on any page."
      linkTo={linkTo}
      detail={({ score }) => `${score.toLocaleString('en')} ${noun}${score === 1 ? '' : 's'}`}
    />
  );
}

function linkTo(thing: ThingName): Address {
  return { view: 'thing', thing, trail: [] };
}

function Figures({ graph }: { graph: GraphAnswer | undefined }): JSX.Element {
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
