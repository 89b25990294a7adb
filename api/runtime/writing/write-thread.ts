import type { DataFolder, DatabaseFile, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { CommitThread, type CommitThreadOptions } from './commit-thread.ts';
import type { SaveWrites, WriterData } from './messages.ts';

export interface WriteThreadOptions extends CommitThreadOptions {
  /** Milliseconds to wait for another process that is writing. Default 5,000. */
  readonly busyMs?: number;
  /** The database that the server reads. Default: as it is when the thread starts. */
  readonly file?: DatabaseFile;
}

/** The only writer of the database of a server. */
export class WriteThread extends CommitThread<SaveWrites> {
  constructor(folder: DataFolder, { busyMs = 5_000, file, ...options }: WriteThreadOptions) {
    const data: WriterData = { dataFolder: folder.root, busyMs, fileSeen: file?.seen };
    super(moduleBeside('write-worker', import.meta.url), data, options);
  }

  /** {@link CommitThread.add}. `client`: default, one for all. */
  async write(request: WriteRequest, client: string = ''): Promise<WriteOutcome> {
    return this.add(request, request.changes.length, client);
  }
}
