import type { DataFolder } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import type { JsonBytes } from '../../base/index.ts';
import { valueOf } from '../problem-outcome.ts';
import { storageProblem } from '../storage-problem.ts';
import { CommitThread, type CommitThreadOptions, type Queued } from './commit-thread.ts';
import type {
  BodyOutcome,
  BodyReply,
  InteractionOutcome,
  InteractionRequest,
  InteractionWriterData,
  InteractionWrites,
  Unstored,
} from './interaction-messages.ts';

/** Of a body, which counts as so many rows: they are counted only when it is parsed. A row has 23 bytes at least. */
const bytesPerRow = 100;
const rowsMax = 10_000;

type Rows = Extract<InteractionRequest, { rows: unknown }>;
type Lines = Extract<InteractionRequest, { block: unknown } | { records: unknown }>;

/**
 * The writer of interactions, apart from the writer of saves, so that a flood of interactions delays no save.
 * Starts with the first use.
 */
export class InteractionThread extends CommitThread<InteractionWrites> {
  constructor(folder: DataFolder, { busyMs = 5_000, ...options }: CommitThreadOptions & { busyMs?: number }) {
    const data: InteractionWriterData = { dataFolder: folder.root, busyMs };
    super(moduleBeside('interaction-worker', import.meta.url), data, options);
  }

  /** {@link CommitThread.add}. */
  async write(request: Rows, client: string = ''): Promise<InteractionOutcome> {
    return this.#store<InteractionOutcome>(request, { changes: request.rows.length, client });
  }

  /** The same for lines of a stream, or records of topics. */
  async writeLines(request: Lines, queued: Queued): Promise<InteractionOutcome> {
    return this.#store<InteractionOutcome>(request, queued);
  }

  /** The same for a body. Rejects with its faults, too. */
  async writeBody(
    request: Extract<InteractionRequest, { bytes: Uint8Array }>,
    client: string = '',
  ): Promise<JsonBytes<BodyReply>> {
    const changes = Math.min(rowsMax, Math.ceil(request.bytes.byteLength / bytesPerRow));
    // Of a shared buffer, the other thread would get all.
    const isShared = request.bytes.byteLength < request.bytes.buffer.byteLength;
    const own = isShared ? { ...request, bytes: Uint8Array.from(request.bytes) } : request;
    return valueOf(await this.#store<BodyOutcome>(own, { changes, client })).json;
  }

  async #store<Outcome extends object>(request: InteractionRequest, queued: Queued): Promise<Outcome> {
    const outcome = (await this.add(request, queued)) as Outcome | Unstored;
    if (!('unstored' in outcome)) return outcome;
    const { reason, detail } = outcome.unstored;
    throw storageProblem(reason, detail);
  }
}
