import { useEffect, useState } from 'preact/hooks';
import { type FetchState, LatestRequest, type Load, initialState } from './latest-request.ts';

export interface Fetched<Data> extends FetchState<Data> {
  /** Sends the request again now. */
  readonly retry: () => void;
}

/** Loads when the view appears and whenever `dependencies` change, by a {@link LatestRequest}. */
export function useFetched<Data>(load: Load<Data>, dependencies: readonly unknown[]): Fetched<Data> {
  const [state, setState] = useState<FetchState<Data>>(initialState);
  const [request] = useState(() => new LatestRequest<Data>(setState));
  useEffect(() => request.send(load), [request, ...dependencies]);
  useEffect(() => () => request.close(), [request]);
  return { ...state, retry: () => request.send(load) };
}
