import type { JSX } from 'preact';
import { type Address, type NodeRef, nodeAddress } from '../address/index.ts';
import { Link } from './link.tsx';
import { useTitle } from './use-title.ts';

/** A link to the page of a node, named by its title. */
export function NodeLink({
  node,
  to = nodeAddress(node),
  class: classes = 'node-link clip',
}: {
  node: NodeRef;
  to?: Address;
  class?: string;
}): JSX.Element {
  const title = useTitle(node);
  return (
    <Link to={to} class={classes} title={title}>
      {title}
    </Link>
  );
}
