export { NodeView } from './node-view.tsx';
