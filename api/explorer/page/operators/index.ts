export { OperatorsView } from './operators-view.tsx';
