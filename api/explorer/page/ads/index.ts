export { AdsView } from './ads-view.tsx';
