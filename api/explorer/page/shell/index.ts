export { App } from './app.tsx';
export { type Explorer, useExplorer } from './explorer-context.ts';
export { Link } from './link.tsx';
