import { messageOf } from '../../../graph-data/base/index.ts';
import { newestPositionHeader, positionHeader } from '../../base/index.ts';

/** A response of the writer. */
type FetchedChanges =
  | {
      readonly state: 'changes';
      readonly lines: Uint8Array;
      /** Position of the last line; the requested one if there are none. */
      readonly upTo: number;
      /** The writer's position. */
      readonly newest: number;
    }
  /** The log cannot be followed from this position. */
  | { readonly state: 'gone'; readonly detail: string }
  /** To be tried again. */
  | { readonly state: 'failed'; readonly detail: string };

interface ChangesQuery {
  readonly after: number;
  readonly mark: string | undefined;
  readonly limit: number;
  readonly waitMs: number;
}

/** In addition to the wait that a request specifies. */
const slackMs = 30_000;

/** Requests changes from the server at an address, with an API key of scope `admin` if it has keys. Never rejects. */
export async function fetchChanges(
  writer: string,
  key: string | undefined,
  { after, mark, limit, waitMs }: ChangesQuery,
  signal: AbortSignal,
): Promise<FetchedChanges> {
  const url = new URL('v1/changes', writer.endsWith('/') ? writer : `${writer}/`);
  url.search = new URLSearchParams({
    after: String(after),
    limit: String(limit),
    waitMs: String(waitMs),
    ...(mark !== undefined && { mark }),
  }).toString();
  try {
    const response = await fetch(url, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(waitMs + slackMs)]),
    });
    if (response.ok) {
      const position = (name: string): number => Number(response.headers.get(name) ?? NaN);
      const lines = await response.bytes();
      return {
        state: 'changes',
        lines,
        upTo: position(positionHeader),
        newest: position(newestPositionHeader),
      };
    }
    const { code = 'unknown', detail = '' } = (await response.json()) as { code?: string; detail?: string };
    if (code === 'position-gone') return { state: 'gone', detail };
    const isKeyFault = response.status === 401 || response.status === 403;
    const remedy = isKeyFault ? '; PINWALK_WRITER_KEY has to be a key of its scope admin' : '';
    return { state: 'failed', detail: `${writer} responds ${response.status} ${code}: ${detail}${remedy}` };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return { state: 'failed', detail: `${writer} cannot be reached: ${messageOf(cause ?? error)}` };
  }
}
