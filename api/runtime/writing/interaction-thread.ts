import type { DataFolder } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { CommitThread, type CommitThreadOptions } from './commit-thread.ts';
import type {
  InteractionOutcome,
  InteractionRequest,
  InteractionWriterData,
  InteractionWrites,
} from './interaction-messages.ts';

/** The writer of interactions: apart from that of saves, so that a flood delays none of them. Starts with the first use. */
export class InteractionThread extends CommitThread<InteractionWrites> {
  constructor(folder: DataFolder, { busyMs = 5_000, ...options }: CommitThreadOptions & { busyMs?: number }) {
    const data: InteractionWriterData = { dataFolder: folder.root, busyMs };
    super(moduleBeside('interaction-worker', import.meta.url), data, options);
  }

  /** {@link CommitThread.add}. */
  async write(request: InteractionRequest, client: string = ''): Promise<InteractionOutcome> {
    return this.add(request, 'rows' in request ? request.rows.length : request.lines.length, client);
  }
}
