import { useEffect, useState } from 'preact/hooks';
import { RestProblem } from './rest-client.ts';

/** How an asking stands. An earlier answer stays, as `isStale`, until the next is there. */
export interface Asking<Answer> {
  readonly answer: Answer | undefined;
  readonly problem: RestProblem | undefined;
  readonly isStale: boolean;
  /** Asks anew now. */
  readonly retry: () => void;
}

/**
 * Asks when the view appears and whenever `dependencies` change; what was asked before is aborted then. Where the
 * server says when to come back, it is asked again after that time, until it answers.
 */
export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
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
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState((before) => ({ ...before, isStale: true }));
    const attend = async (): Promise<void> => {
      try {
        const answer = await ask(departure.signal);
        if (!departure.signal.aborted) setState({ answer, problem: undefined, isStale: false });
      } catch (error) {
        if (departure.signal.aborted) return;
        const problem = error instanceof RestProblem ? error : new RestProblem('internal', 0, String(error));
        setState((before) => ({ ...before, problem, isStale: true }));
        const { retryAfterSeconds } = problem;
        if (retryAfterSeconds === undefined) return;
        timer = setTimeout(() => setAttempt((count) => count + 1), retryAfterSeconds * 1000);
      }
    };
    void attend();
    return () => {
      departure.abort();
      clearTimeout(timer);
    };
  }, [...dependencies, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}
