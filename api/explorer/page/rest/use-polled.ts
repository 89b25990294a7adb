import { useEffect, useState } from 'preact/hooks';
import { type FetchState, type Load, initialState } from './latest-request.ts';
import { RestProblem } from './rest-client.ts';
import type { Fetched } from './use-fetched.ts';

/**
 * Loads repeatedly while the page is visible, after a pause that may depend on the latest data. Earlier data stays when a
 * call fails. A call that is refused because of its key is not repeated before `dependencies` change.
 */
export function usePolled<Data>(
  load: Load<Data>,
  pauseMs: (data: Data | undefined) => number,
  dependencies: readonly unknown[],
): Fetched<Data> {
  const [state, setState] = useState<FetchState<Data>>(initialState);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const unmounted = new AbortController();
    const { signal } = unmounted;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let data: Data | undefined;
    const poll = async (): Promise<void> => {
      if (document.hidden) {
        document.addEventListener('visibilitychange', () => void poll(), { once: true, signal });
        return;
      }
      try {
        data = await load(signal);
        if (!signal.aborted) setState({ data, problem: undefined, isStale: false });
      } catch (error) {
        if (signal.aborted) return;
        const problem = RestProblem.from(error);
        setState((before) => ({ ...before, problem, isStale: true }));
        if (problem.isAboutKey) return;
      }
      if (!signal.aborted) timer = setTimeout(() => void poll(), pauseMs(data));
    };
    void poll();
    return () => {
      unmounted.abort();
      clearTimeout(timer);
    };
  }, [...dependencies, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}
