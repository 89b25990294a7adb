import type { Change, ChangeResult } from '../../graph-data/index.ts';
import { valueOfLine } from '../base/index.ts';
import { type SaveInput, saveSchema } from '../contract/index.ts';
import type { RouteRequest } from '../http/index.ts';
import type { Service } from '../service.ts';
import { Rejects, writeLines } from './line-stream.ts';

interface StreamReport extends ReturnType<Rejects['report']> {
  /** Saves that were added, or removed. */
  readonly made: number;
  readonly unmade: number;
}

/** Writes a stream of saves. `made`: the result of a change that did something. */
export async function writeStream(
  service: Pick<Service, 'writes' | 'turns' | 'wallClock'>,
  request: RouteRequest<never, never, undefined>,
  changeOf: (save: SaveInput) => Change,
  made: ChangeResult,
): Promise<StreamReport> {
  const { writes, wallClock } = service;
  const rejects = new Rejects();
  const counts = { made: 0, unmade: 0 };
  await writeLines<Change>(service, request, {
    writes,
    itemOf: (line) => {
      const save = valueOfLine(saveSchema, line);
      if (typeof save !== 'string') return changeOf(save);
      rejects.add(line.line, save);
      return undefined;
    },
    write: async (changes, lines, client) => {
      const outcome = await writes.write({ changes, time: wallClock(), isWhole: false }, client);
      if (outcome.state !== 'done') throw new Error(`a batch that is not whole was ${outcome.state}`);
      for (const { index, reason } of outcome.refused) rejects.add(lines[index]!, reason);
      for (const result of outcome.results) {
        if (result === made) counts.made++;
        else if (result !== null) counts.unmade++;
      }
    },
  });
  return { ...counts, ...rejects.report() };
}
