import type {
  AppliedLines,
  DataFolder,
  DatabaseFile,
  WriteOutcome,
  WriteRequest,
} from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { CheckpointThread } from './checkpoint-thread.ts';
import { CommitThread, type CommitThreadOptions, type Queued } from './commit-thread.ts';
import type {
  LinesOutcome,
  LinesRequest,
  RecordsOutcome,
  RecordsRequest,
  SaveWrites,
  WriterData,
} from './messages.ts';

export interface WriteThreadOptions extends CommitThreadOptions {
  /** Milliseconds to wait for another process that is writing. Default 5,000. */
  readonly busyMs?: number;
  /** The database that the server reads. Default: as it is when the thread starts. */
  readonly file?: DatabaseFile;
}

/** The only writer of the database of a server. */
export class WriteThread extends CommitThread<SaveWrites> {
  readonly #checkpoints: CheckpointThread;

  constructor(folder: DataFolder, { busyMs = 5_000, file, ...options }: WriteThreadOptions) {
    const data: WriterData = { dataFolder: folder.root, busyMs, fileSeen: file?.seen };
    super(moduleBeside('write-worker', import.meta.url), data, options);
    this.#checkpoints = new CheckpointThread(data, options.onFault);
  }

  /** {@link CommitThread.add}. `client`: default, one for all. */
  async write(request: WriteRequest, client: string = ''): Promise<WriteOutcome> {
    const outcome = await this.add(request, { changes: request.changes.length, client });
    return outcome as WriteOutcome;
  }

  /** {@link CommitThread.add} for lines of a stream. */
  async writeLines(request: LinesRequest, queued: Queued): Promise<LinesOutcome> {
    return (await this.add(request, queued)) as LinesOutcome;
  }

  /** {@link CommitThread.add} for records of topics. */
  async writeRecords(request: RecordsRequest, queued: Queued): Promise<RecordsOutcome> {
    return (await this.add(request, queued)) as RecordsOutcome;
  }

  /** {@link CommitThread.run} of changes from another database's log. */
  async applyChanges(lines: Uint8Array, changes: number, time: number): Promise<AppliedLines> {
    const applied = await this.run({ kind: 'applyChanges', lines, time });
    this.#checkpoints.afterCommit(changes);
    return applied;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.#checkpoints.close();
  }

  protected override committed(changes: number): void {
    this.#checkpoints.afterCommit(changes);
  }
}
