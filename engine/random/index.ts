export { type RandomStream, nextBelow, nextUnit, randomSeedMax, randomStream } from './stream.ts';
