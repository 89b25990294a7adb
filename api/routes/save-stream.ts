import { positionHeader } from '../base/index.ts';
import type { RouteRequest } from '../http/index.ts';
import type { Service } from '../service.ts';
import { Rejects, writeLines } from './line-stream.ts';

interface StreamReport extends ReturnType<Rejects['report']> {
  /** Saves that were added, or removed. */
  readonly made: number;
  readonly unmade: number;
}

/** Writes a stream of saves, each of which is to be made, or to be removed. */
export async function writeStream(
  service: Pick<Service, 'writes' | 'turns' | 'wallClock' | 'store'>,
  request: RouteRequest<never, never, undefined>,
  kind: 'save' | 'unsave',
): Promise<StreamReport> {
  const { writes, wallClock } = service;
  const rejects = new Rejects();
  const counts = { made: 0, unmade: 0 };
  await writeLines(service, request, {
    writes,
    write: async (block, queued) => {
      const outcome = await writes.writeLines({ block, kind, time: wallClock() }, queued);
      for (const { line, detail } of outcome.rejects) rejects.add(line, detail);
      counts.made += outcome.made;
      counts.unmade += outcome.unmade;
    },
  });
  request.response.setHeader(positionHeader, String(service.store.position));
  return { ...counts, ...rejects.report() };
}
