export { sampleRatioPValue as goodnessOfFit } from '../../engine/experiments/sample-ratio.ts';
export { chiSquareTail } from '../../engine/experiments/tails.ts';
