export { ThingView } from './thing-view.tsx';
