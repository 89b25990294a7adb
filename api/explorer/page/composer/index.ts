export { ComposerView } from './composer-view.tsx';
