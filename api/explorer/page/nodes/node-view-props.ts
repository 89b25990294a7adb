import type { Address, NodeRef } from '../address/index.ts';

export interface NodeViewProps {
  readonly node: NodeRef;
  /** The address of another node, with the trail up to here. */
  readonly linkTo: (next: NodeRef) => Address;
}
