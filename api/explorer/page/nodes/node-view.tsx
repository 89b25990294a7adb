import type { JSX } from 'preact';
import { type Address, type NodeRef, nodeId } from '../address/index.ts';
import { usePageTitle, useTitle } from '../context/index.ts';
import { useIsTable } from '../cards/index.ts';
import { BoardView } from './board-view.tsx';
import { PinView } from './pin-view.tsx';
import { Trail } from './trail.tsx';
import { UserView } from './user-view.tsx';

const views = { pin: PinView, board: BoardView, user: UserView };

/** The page of a pin, a board or a user. */
export function NodeView({ node, trail }: { node: NodeRef; trail: readonly NodeRef[] }): JSX.Element {
  usePageTitle(useTitle(node));
  const isTable = useIsTable();
  const linkTo = (next: NodeRef): Address => ({
    view: 'node',
    node: next,
    trail: [...trail.filter((step) => nodeId(step) !== nodeId(next)), node],
    ...(isTable && { isTable }),
  });
  const View = views[node.kind];
  return (
    <>
      <Trail trail={trail} node={node} />
      <View node={node} linkTo={linkTo} />
    </>
  );
}
