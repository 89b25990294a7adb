import { useEffect, useState } from 'preact/hooks';
import { type Asking, RestProblem } from '../rest/index.ts';

/**
 * Asks again and again, `everyMs` after each answer, while the page is seen. The last answer stays when one fails. A call
 * that is refused for want of a key is not repeated before `dependencies` change.
 */
export function usePolled<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  everyMs: number,
  dependencies: readonly unknown[],
): Asking<Answer> {
  const [state, setState] = useState<Omit<Asking<Answer>, 'retry'>>({
    answer: undefined,
    problem: undefined,
    isStale: true,
  });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const departure = new AbortController();
    const { signal } = departure;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attend = async (): Promise<void> => {
      if (document.hidden) {
        document.addEventListener('visibilitychange', () => void attend(), { once: true, signal });
        return;
      }
      let isRefused = false;
      try {
        const answer = await ask(signal);
        if (!signal.aborted) setState({ answer, problem: undefined, isStale: false });
      } catch (error) {
        if (signal.aborted) return;
        const problem = error instanceof RestProblem ? error : new RestProblem('internal', 0, String(error));
        setState((before) => ({ ...before, problem, isStale: true }));
        isRefused = problem.isAboutKey;
      }
      if (!signal.aborted && !isRefused) timer = setTimeout(() => void attend(), everyMs);
    };
    void attend();
    return () => {
      departure.abort();
      clearTimeout(timer);
    };
  }, [...dependencies, everyMs, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}
