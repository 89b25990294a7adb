import type { JSX } from 'preact';
import { compositionOf, nodeAddress } from '../address/index.ts';
import { Link } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { counted } from '../format/index.ts';
import type { DrawnNode } from '../rest/index.ts';
import { nameOf } from './name-of.ts';

/** A node that the visitor clicked in the drawing, with links that continue from it. */
export function PickedNode({ node, onClose }: { node: DrawnNode; onClose: () => void }): JSX.Element {
  return (
    <div class="stage-note is-card" role="status">
      <p>
        <strong>{nameOf(node)}</strong>
        <br />
        <span class="quiet number">
          {node.kind}, {counted(node.visits, 'visit')}
        </span>
      </p>
      <div class="row">
        <Link to={nodeAddress(node)} class="button">
          Open
        </Link>
        <Link to={{ view: 'walk', composition: compositionOf([node]) }} class="button">
          Walk from here
        </Link>
        <IconButton icon="close" class="small" label="Close" onClick={onClose} />
      </div>
    </div>
  );
}
