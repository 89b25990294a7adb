export { ExperimentsView } from './experiments-view.tsx';
