import { randomUUID } from 'node:crypto';
import type * as Grpc from '@grpc/grpc-js';
import type { Client, ClientReadableStream } from '@grpc/grpc-js';
import type * as Loader from '@grpc/proto-loader';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import { extractProtocol } from './spark-protocol.ts';

/** A response of Spark Connect, as far as it is used here. */
interface Response {
  readonly arrow_batch?: { readonly data: Uint8Array } | null;
}

interface ConnectService extends Client {
  readonly executePlan: (request: unknown) => ClientReadableStream<Response>;
}

export interface SparkOptions {
  /** A Spark Connect server, such as `127.0.0.1:15002`. The connection is not encrypted: keep it on this machine or in a tunnel. */
  readonly address: string;
  /** The folder of a Spark installation of the server's version. */
  readonly home: string;
  /** A folder for temporary files that the server can read and write at the same path. */
  readonly tempFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** One session of a Spark Connect server (https://spark.apache.org/docs/latest/spark-connect-overview.html). */
export class SparkClient {
  readonly #service: ConnectService;
  readonly #session: string = randomUUID();
  readonly #signal: AbortSignal | undefined;
  readonly #calls = new Set<ClientReadableStream<Response>>();
  readonly #cancel = (): void => {
    for (const call of this.#calls) call.cancel();
  };

  private constructor(service: ConnectService, signal: AbortSignal | undefined) {
    this.#service = service;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#cancel);
  }

  /** Connects. Throws `lake-engine-missing` if a package or the installation of Spark is missing. */
  static async connect({ address, home, tempFolder, signal }: SparkOptions): Promise<SparkClient> {
    const [grpc, loader] = await load();
    await extractProtocol(home, tempFolder);
    const definition = await loader.load('spark/connect/base.proto', {
      includeDirs: [tempFolder],
      keepCase: true,
    });
    const { spark } = grpc.loadPackageDefinition(definition) as unknown as {
      readonly spark: { connect: { SparkConnectService: new (...args: unknown[]) => ConnectService } };
    };
    // A batch has 4 MB by default, a row of long keys may have more.
    const options = { 'grpc.max_receive_message_length': -1 };
    const service = new spark.connect.SparkConnectService(
      address,
      grpc.credentials.createInsecure(),
      options,
    );
    return new SparkClient(service, signal);
  }

  /** Runs a statement for its effect. */
  async run(sql: string): Promise<void> {
    const command = { sql_command: { input: { sql: { query: sql } } } };
    for await (const _ of this.#execute({ command })) {
      // The result of a statement is empty.
    }
  }

  /** Runs a query, and yields its rows as Arrow IPC streams, in order. The query starts at once. */
  query(sql: string): AsyncGenerator<Uint8Array> {
    return this.#execute({ root: { sql: { query: sql } } });
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#cancel();
    this.#service.close();
  }

  #execute(plan: unknown): AsyncGenerator<Uint8Array> {
    const call = this.#service.executePlan({
      session_id: this.#session,
      user_context: { user_id: 'pinwalk' },
      client_type: 'pinwalk',
      plan,
    });
    // The reader of the batches gets the error, perhaps later.
    call.on('error', () => {});
    this.#calls.add(call);
    return this.#read(call);
  }

  async *#read(call: ClientReadableStream<Response>): AsyncGenerator<Uint8Array> {
    try {
      if (this.#signal?.aborted === true) throw stoppedError();
      for await (const { arrow_batch: batch } of call as AsyncIterable<Response>) {
        if (batch !== null && batch !== undefined) yield batch.data;
      }
    } catch (cause) {
      throw this.#signal?.aborted === true ? stoppedError(cause) : failed(cause);
    } finally {
      this.#calls.delete(call);
      call.cancel();
    }
  }
}

async function load(): Promise<[typeof Grpc, typeof Loader]> {
  try {
    // The last is for the results, and is missed here rather than in the middle.
    const [grpc, loader] = await Promise.all([
      import('@grpc/grpc-js'),
      import('@grpc/proto-loader'),
      import('apache-arrow'),
    ]);
    return [grpc, loader];
  } catch (cause) {
    throw new DataError(
      'lake-engine-missing',
      'a build by Spark needs packages that are not installed with pinwalk: npm install @grpc/grpc-js @grpc/proto-loader apache-arrow',
      { cause },
    );
  }
}

function failed(cause: unknown): unknown {
  if (cause instanceof DataError) return cause;
  const message = messageOf(cause);
  const isFile = /PATH_NOT_FOUND|UNABLE_TO_INFER_SCHEMA|FAILED_READ_FILE|CANNOT_READ_FILE/.test(message);
  const isGone = /UNAVAILABLE/.test(message);
  const remedy = isGone ? '; start a Spark Connect server there, or name another (--spark)' : '';
  return new DataError(
    isFile ? 'import-file-unreadable' : 'lake-engine-failed',
    `Spark: ${message}${remedy}`,
    { cause },
  );
}
