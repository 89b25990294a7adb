import type { ComponentChildren, JSX } from 'preact';
import { Trouble } from '../cards/index.ts';
import type { ThingName } from '../address/index.ts';
import { useExplorer } from '../context/index.ts';
import type { Asking } from '../rest/index.ts';

/** What is shown of a thing once it is there; until then room for it, or why it is not there. */
export function ThingGate<Thing>({
  asking,
  thing,
  children,
}: {
  asking: Asking<Thing>;
  thing: ThingName;
  children: (found: Thing) => ComponentChildren;
}): JSX.Element {
  const { titles } = useExplorer();
  const { answer, problem } = asking;
  const known = titles.known(thing.kind, thing.key);
  // A key that is about to become a title would jump before one's eyes.
  const title = problem === undefined && known === thing.key ? '\u00a0' : known;
  if (answer !== undefined && problem === undefined) return <>{children(answer)}</>;
  return (
    <header class="thing-head" aria-busy={problem === undefined}>
      <span class="tile large" />
      <div class="thing-about">
        <p class="kind">{thing.kind}</p>
        <h1>{title}</h1>
        <Trouble asking={asking} />
      </div>
    </header>
  );
}
