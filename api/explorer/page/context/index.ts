export { type Explorer, ExplorerContext, type Notice, useExplorer } from './explorer-context.ts';
export { Link } from './link.tsx';
