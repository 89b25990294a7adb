export { OperatorsView, type OperatorsViewProps } from './operators-view.tsx';
