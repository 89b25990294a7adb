import { ChangeReader, type PositionFault } from '../../graph-data/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { Problem, newestPositionHeader, noParameters, positionHeader } from '../base/index.ts';
import { changesParameters } from '../contract/index.ts';
import type { Service } from '../service.ts';
import { streamType } from './line-stream.ts';

/** Changes read at a time: a few milliseconds. */
const changesPerSlice = 500;
/** Bytes of a response, beyond which it ends; a single change may have more. */
const bytesMax = 4 * 2 ** 20;
/** Of lines that are kept for other followers: some 40,000 changes. */
const charactersKept = 8 * 2 ** 20;

const details: Readonly<Record<PositionFault, string>> = {
  dropped: 'the change log starts later: changes that no snapshot needs are dropped',
  bulk: 'an import follows, which the change log does not list',
  'other-history':
    'this database has not had that position, or was another one then, as after restoring a backup',
};

/** The change log, for replicas, brokers and caches. */
export function changeRoutes({ store, committed, turns }: Service): Route[] {
  let reader: ChangeReader | undefined;
  return [
    defineRoute({
      method: 'get',
      path: '/v1/changes',
      operationId: 'listChanges',
      tag: 'operations',
      summary: 'The change log after a position, one change per line',
      description:
        'JSON lines, in order and without gaps, with current keys, attributes, times and weights. Continue after ' +
        `\`${positionHeader}\` of the response; \`${newestPositionHeader}\` is the end of the log. Without further changes, the response is empty, ` +
        'after `waitMs` at most. `position-gone` means: start anew from a snapshot.',
      scope: 'admin',
      params: noParameters,
      query: changesParameters,
      response: { status: 200, description: 'Changes', type: streamType },
      problems: ['position-gone'],
      handle: async ({ query: { after, mark, limit, waitMs }, signal }) => {
        reader ??= new ChangeReader(store.database, charactersKept);
        await committed.reached(after + 1, waitMs, signal);
        const page = await readPage(reader, { after, mark, limit }, async () => turns.next());
        const headers = {
          [positionHeader]: String(page.upTo),
          [newestPositionHeader]: String(committed.current),
        };
        return { body: page.lines.map((line) => `${line}\n`).join(''), headers };
      },
    }),
  ];
}

interface PageQuery {
  readonly after: number;
  readonly mark: string | undefined;
  readonly limit: number;
}

/** In slices, each of one state. A full page ends with a commit, if any ends within it. */
async function readPage(
  reader: ChangeReader,
  { after, mark, limit }: PageQuery,
  pause: () => Promise<void>,
): Promise<{ readonly lines: readonly string[]; readonly upTo: number }> {
  const lines: string[] = [];
  let [upTo, bytes, whole] = [after, 0, { lines: 0, upTo: after }];
  for (;;) {
    const isFirst = upTo === after;
    const slice = reader.read(
      upTo,
      Math.min(changesPerSlice, limit - lines.length),
      isFirst ? mark : undefined,
    );
    if (typeof slice === 'string') {
      // The values before it are valid.
      if (lines.length > 0) return { lines, upTo };
      throw new Problem('position-gone', `${details[slice]}: start anew from a snapshot`);
    }
    if (slice.lines.length === 0) return { lines, upTo };
    if (slice.whole.lines > 0) {
      whole = { lines: lines.length + slice.whole.lines, upTo: slice.whole.upTo };
    }
    lines.push(...slice.lines);
    upTo = slice.upTo;
    bytes += slice.lines.reduce((sum, line) => sum + line.length, 0);
    if (lines.length >= limit || bytes >= bytesMax) break;
    await pause();
  }
  return whole.lines > 0 ? { lines: lines.slice(0, whole.lines), upTo: whole.upTo } : { lines, upTo };
}
