import type { JSX } from 'preact';
import type { ThingName } from '../address/index.ts';

export function ThingView({ thing }: { thing: ThingName; trail: readonly ThingName[] }): JSX.Element {
  return <h1>{thing.key}</h1>;
}
