import type { ComponentChildren, JSX } from 'preact';
import type { NodeRef } from '../address/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import type { Fetched } from '../rest/index.ts';

/** The page of a node once it is loaded; until then a header of the same size, or why it cannot be loaded. */
export function NodePage<Data>({
  fetched,
  node,
  children,
}: {
  fetched: Fetched<Data>;
  node: NodeRef;
  children: (data: Data) => ComponentChildren;
}): JSX.Element {
  const { titles } = useExplorer();
  const { data, problem } = fetched;
  if (data !== undefined && problem === undefined) return <>{children(data)}</>;
  const title = titles.get(node);
  // A key that is replaced by a title a moment later would flicker.
  const isPending = problem === undefined && title === node.key;
  return (
    <header class="node-head" aria-busy={problem === undefined}>
      <span class="tile large" />
      <div class="node-about">
        <p class="kind">{node.kind}</p>
        <h1>{isPending ? '\u00a0' : title}</h1>
        <ProblemMessage fetched={fetched} />
        {problem?.code.startsWith('unknown-') === true && (
          <Link to={{ view: 'search', search: { q: node.key.slice(0, 200) } }} class="button">
            Search for it
          </Link>
        )}
      </div>
    </header>
  );
}
