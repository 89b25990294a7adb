import { useEffect, useState } from 'preact/hooks';
import type { ThingName } from '../address/index.ts';
import type { TitleBook } from './title-book.ts';

/** The title of a thing; its key until the title is there. */
export function useTitle(titles: TitleBook, { kind, key }: ThingName): string {
  const [found, setFound] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    setFound(undefined);
    void titles.find({ kind, key }).then((title) => isWanted && setFound(title));
    return () => {
      isWanted = false;
    };
  }, [titles, kind, key]);
  return found ?? titles.known(kind, key);
}
