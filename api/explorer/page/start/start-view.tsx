import type { JSX } from 'preact';

export function StartView(): JSX.Element {
  return <h1>See what the walk sees</h1>;
}
