import type { ComponentChildren, JSX } from 'preact';
import { type Address, writeAddress } from '../address/index.ts';
import { useExplorer } from './explorer-context.ts';

/** A link to another view. It opens in place, unless the visitor opens a new tab or window. */
export function Link({
  to,
  children,
  ...others
}: {
  to: Address;
  children: ComponentChildren;
  class?: string;
  title?: string;
  'aria-label'?: string;
  'aria-current'?: 'page';
}): JSX.Element {
  const { go } = useExplorer();
  return (
    <a
      href={writeAddress(to)}
      onClick={(event: MouseEvent) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(to);
      }}
      {...others}
    >
      {children}
    </a>
  );
}
