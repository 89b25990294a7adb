import type { NodeRef } from '../address/index.ts';

/** A problem response of the server (RFC 9457), or `unreachable` when there was no response. */
export class RestProblem extends Error {
  override readonly name = 'RestProblem';
  readonly code: string;
  readonly status: number;
  /** When to retry; undefined when a retry would not help. */
  readonly retryAfterSeconds: number | undefined;
  readonly faults: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];

  constructor(code: string, status: number, detail: string, rest: Partial<RestProblem> = {}) {
    super(detail);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = rest.retryAfterSeconds;
    this.faults = rest.faults ?? [];
  }

  /** Anything thrown, as a problem. */
  static from(error: unknown): RestProblem {
    return error instanceof RestProblem ? error : new RestProblem('internal', 0, String(error));
  }

  /** Whether the call needs a key, or another key. */
  get isAboutKey(): boolean {
    return this.status === 401 || this.code === 'insufficient-scope';
  }
}

interface RestClientOptions {
  readonly fetch: typeof fetch;
  /** The API key to send, if any; read on every call. */
  readonly key: () => string | undefined;
  /** Called when the server refuses a call because of its key. */
  readonly onKeyProblem: (problem: RestProblem) => void;
}

/** Calls the REST API of this server. Every call rejects with a {@link RestProblem}, or an AbortError once aborted. */
export class RestClient {
  readonly #options: RestClientOptions;

  constructor(options: RestClientOptions) {
    this.#options = options;
  }

  /** Whether calls carry a key. */
  get hasKey(): boolean {
    return this.#options.key() !== undefined;
  }

  get<Data>(path: string, signal?: AbortSignal): Promise<Data> {
    return this.#call('GET', path, undefined, signal);
  }

  post<Data>(path: string, body: unknown, signal?: AbortSignal): Promise<Data> {
    return this.#call('POST', path, body, signal);
  }

  put<Data>(path: string, body: unknown): Promise<Data> {
    return this.#call('PUT', path, body);
  }

  delete<Data>(path: string, body?: unknown): Promise<Data> {
    return this.#call('DELETE', path, body);
  }

  /** A response that is not JSON. */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.#fetch('GET', path, undefined, signal)).text();
  }

  async #call<Data>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Data> {
    const response = await this.#fetch(method, path, body, signal);
    return (await response.json()) as Data;
  }

  async #fetch(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const key = this.#options.key();
    const headers = {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
    };
    const text = body === undefined ? null : JSON.stringify(body);
    let response: Response;
    try {
      response = await this.#options.fetch(path, { method, headers, body: text, signal: signal ?? null });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new RestProblem('unreachable', 0, 'The server cannot be reached', { retryAfterSeconds: 2 });
    }
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.isAboutKey) this.#options.onKeyProblem(problem);
    throw problem;
  }
}

async function problemOf(response: Response): Promise<RestProblem> {
  const { status } = response;
  const wait = Number(response.headers.get('Retry-After') ?? NaN);
  const canRetry = status === 429 || status === 503;
  const retryAfterSeconds = canRetry
    ? Math.min(Number.isFinite(wait) ? Math.max(wait, 1) : 2, 60)
    : undefined;
  try {
    const { code, detail, errors } = (await response.json()) as {
      code: string;
      detail: string;
      errors: RestProblem['faults'];
    };
    return new RestProblem(code, status, detail, { retryAfterSeconds, faults: errors });
  } catch {
    return new RestProblem('internal', status, `The server responded with status ${status}`, {
      retryAfterSeconds,
    });
  }
}

/** The path of a node in the API. */
export function pathOf({ kind, key }: NodeRef): string {
  return `/v1/${kind}s/${encodeURIComponent(key)}`;
}
