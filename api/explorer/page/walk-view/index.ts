export { WalkView, type WalkViewProps } from './walk-view.tsx';
