import type { ComponentChildren, JSX } from 'preact';

/** Cards in as many columns as there is room for; before they are there, as many empty ones of the same height. */
export function CardGrid({
  label,
  isBusy,
  expected = 0,
  isLow = false,
  children,
}: {
  label: string;
  isBusy: boolean;
  /** How many empty cards to show, where there are none yet. */
  expected?: number;
  isLow?: boolean;
  children?: ComponentChildren;
}): JSX.Element {
  const skeletons = Array.from({ length: expected }, (_, i) => (
    <li key={i} class={isLow ? 'card low skeleton' : 'card skeleton'} />
  ));
  return (
    <ul class={isLow ? 'grid low' : 'grid'} aria-label={label} aria-busy={isBusy}>
      {expected > 0 ? skeletons : children}
    </ul>
  );
}
