import { useEffect, useState } from 'preact/hooks';
import type { NodeRef } from '../address/index.ts';
import { useExplorer } from './explorer-context.ts';

/** The title of a node; its key until the title is loaded. */
export function useTitle({ kind, key }: NodeRef): string {
  const { titles } = useExplorer();
  const [loaded, setLoaded] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    setLoaded(undefined);
    void titles.load({ kind, key }).then((title) => isWanted && setLoaded(title));
    return () => {
      isWanted = false;
    };
  }, [titles, kind, key]);
  return loaded ?? titles.get({ kind, key });
}

/** Names the view in the title of the tab. */
export function usePageTitle(title?: string): void {
  useEffect(() => {
    document.title = title === undefined ? 'pinwalk' : `${title} · pinwalk`;
  }, [title]);
}
