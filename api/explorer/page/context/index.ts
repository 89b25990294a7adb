export { type Explorer, ExplorerContext, type Notice, useExplorer } from './explorer-context.ts';
export { Link } from './link.tsx';
export { NodeLink } from './node-link.tsx';
export { useGet, usePost } from './use-rest.ts';
export { usePageTitle, useTitle } from './use-title.ts';
