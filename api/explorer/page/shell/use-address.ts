import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Address, readAddress, writeAddress } from '../address/index.ts';
import type { Explorer } from '../context/index.ts';

/** Browsers refuse more than about a hundred changes of the URL in 30 seconds. */
const replaceMs = 200;

/** The address of the page, in step with the URL in both directions. */
export function useAddress(): Pick<Explorer, 'address' | 'go'> {
  const [address, setAddress] = useState(() => readAddress(location.search));
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; url: string } | undefined>(undefined);
  const settle = useCallback(() => {
    if (pending.current === undefined) return;
    clearTimeout(pending.current.timer);
    history.replaceState(null, '', pending.current.url);
    pending.current = undefined;
  }, []);
  useEffect(() => {
    const follow = (): void => {
      clearTimeout(pending.current?.timer);
      pending.current = undefined;
      setAddress(readAddress(location.search));
    };
    addEventListener('popstate', follow);
    addEventListener('pagehide', settle);
    return () => {
      removeEventListener('popstate', follow);
      removeEventListener('pagehide', settle);
    };
  }, [settle]);
  const go = useCallback(
    (to: Address, how: 'push' | 'replace' = 'push') => {
      const url = writeAddress(to);
      if (how === 'push') {
        settle();
        if (url !== location.pathname + location.search) history.pushState(null, '', url);
      } else {
        clearTimeout(pending.current?.timer);
        pending.current = { url, timer: setTimeout(settle, replaceMs) };
      }
      setAddress(to);
    },
    [settle],
  );
  return { address, go };
}
