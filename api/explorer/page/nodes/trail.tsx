import type { JSX } from 'preact';
import { type NodeRef, nodeId } from '../address/index.ts';
import { Link, NodeLink, useTitle } from '../context/index.ts';

/** The nodes that led here, each a link back to its place in the trail. */
export function Trail({ trail, node }: { trail: readonly NodeRef[]; node: NodeRef }): JSX.Element {
  return (
    <nav class="trail" aria-label="Trail">
      <ol>
        <li>
          <Link to={{ view: 'start' }}>Start</Link>
        </li>
        {trail.map((step, i) => (
          <li key={nodeId(step)}>
            <NodeLink node={step} to={{ view: 'node', node: step, trail: trail.slice(0, i) }} class="clip" />
          </li>
        ))}
        <li aria-current="page">
          <span class="clip">{useTitle(node)}</span>
        </li>
      </ol>
    </nav>
  );
}
