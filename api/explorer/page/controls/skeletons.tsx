import type { JSX } from 'preact';

/** Empty list items that keep the space of items that are still loading. */
export function Skeletons({ count, class: classes }: { count: number; class: string }): JSX.Element {
  return (
    <>
      {Array.from({ length: count }, (_, i) => (
        <li key={i} class={`${classes} skeleton`} />
      ))}
    </>
  );
}
