import type { NodeKind } from '../../engine/index.ts';

/** One value for each kind of node. */
export function byKind<Value>(make: (kind: NodeKind) => Value): Record<NodeKind, Value> {
  return { pins: make('pins'), boards: make('boards'), users: make('users') };
}
