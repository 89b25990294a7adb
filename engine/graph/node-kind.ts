/** The kinds of nodes, named as their tables, routes and targets of recommendation are. */
export const nodeKinds = ['pins', 'boards', 'users'] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** The singular name of each kind. */
export const nodeNames = { pins: 'pin', boards: 'board', users: 'user' } as const satisfies Record<
  NodeKind,
  string
>;
