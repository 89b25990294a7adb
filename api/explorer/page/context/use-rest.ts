import { type Fetched, useFetched } from '../rest/index.ts';
import { useExplorer } from './explorer-context.ts';

/** The response of a GET, loaded again when it may have changed. */
export function useGet<Data>(path: string): Fetched<Data> {
  const { client, version } = useExplorer();
  return useFetched<Data>((signal) => client.get(path, signal), [path, version]);
}

/** The same of a POST that reads. Without a body nothing is sent. */
export function usePost<Data>(path: string, body: object | undefined): Fetched<Data | undefined> {
  const { client, version } = useExplorer();
  return useFetched(
    async (signal) => (body === undefined ? undefined : client.post<Data>(path, body, signal)),
    [path, JSON.stringify(body), version],
  );
}
