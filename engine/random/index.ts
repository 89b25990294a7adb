export { type RandomStream, nextBelow, nextUint32, nextUnit, randomSeedMax, randomStream } from './stream.ts';
