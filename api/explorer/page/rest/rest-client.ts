/** A problem that the server answered (RFC 9457), or `unreachable` when there was no answer. */
export class RestProblem extends Error {
  override readonly name = 'RestProblem';
  readonly code: string;
  readonly status: number;
  /** What the server asks to wait; undefined when asking again would not help. */
  readonly retryAfterSeconds: number | undefined;
  readonly faults: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];

  constructor(code: string, status: number, detail: string, rest: Partial<RestProblem> = {}) {
    super(detail);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = rest.retryAfterSeconds;
    this.faults = rest.faults ?? [];
  }

  /** Whether the call has to come with a key, or with another one. */
  get isAboutKey(): boolean {
    return this.status === 401 || this.code === 'insufficient-scope';
  }
}

export interface RestClientOptions {
  readonly fetch: typeof fetch;
  /** The API key to send, if any; read at every call. */
  readonly key: () => string | undefined;
  /** Told whenever a call is refused for want of a key that allows it. */
  readonly onKeyProblem: (problem: RestProblem) => void;
}

/** Calls the REST API of this server. Every call rejects with a {@link RestProblem}, or an AbortError once aborted. */
export class RestClient {
  readonly #options: RestClientOptions;

  constructor(options: RestClientOptions) {
    this.#options = options;
  }

  /** Whether calls are sent with a key. */
  get hasKey(): boolean {
    return this.#options.key() !== undefined;
  }

  get<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
    return this.#call('GET', path, undefined, signal);
  }

  post<Answer>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    return this.#call('POST', path, body, signal);
  }

  delete<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    return this.#call('DELETE', path, body, signal);
  }

  /** An answer that is no JSON. */
  async text(path: string, signal?: AbortSignal): Promise<string> {
    return (await this.#fetch('GET', path, undefined, signal)).text();
  }

  async #call<Answer>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Answer> {
    const response = await this.#fetch(method, path, body, signal);
    return (await response.json()) as Answer;
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
    return new RestProblem('internal', status, `The server answered ${status}`, { retryAfterSeconds });
  }
}

/** The path of a thing's page in the API. */
export function pathOf(kind: 'pin' | 'board' | 'user', key: string): string {
  return `/v1/${kind}s/${encodeURIComponent(key)}`;
}
