export { hash53, numberOfKey, pairOf, slotOf } from './hash.ts';
export { type RandomStream, nextBelow, nextUint32, nextUnit, randomSeedMax, randomStream } from './stream.ts';
