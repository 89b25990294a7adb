import { useEffect, useState } from 'preact/hooks';
import { type Ask, LatestAsker, type Standing } from './latest-asker.ts';

export interface Asking<Answer> extends Standing<Answer> {
  /** Asks anew now. */
  readonly retry: () => void;
}

/** Asks when the view appears, and anew whenever `dependencies` change, as {@link LatestAsker} does. */
export function useAnswer<Answer>(ask: Ask<Answer>, dependencies: readonly unknown[]): Asking<Answer> {
  const [asker] = useState(() => new LatestAsker<Answer>((next) => setStanding(next)));
  const [standing, setStanding] = useState(asker.standing);
  useEffect(() => asker.ask(ask), [asker, ...dependencies]);
  useEffect(() => () => asker.close(), [asker]);
  return { ...standing, retry: () => asker.ask(ask) };
}
