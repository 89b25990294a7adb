import type { JSX } from 'preact';
import type { Composition } from '../address/index.ts';

export function ComposerView(_props: { composition: Composition }): JSX.Element {
  return <h1>Compose</h1>;
}
