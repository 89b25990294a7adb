export { computeLinear } from './compute-linear.ts';
