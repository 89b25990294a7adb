import { MinuteWindows, Problem } from '../../base/index.ts';

/** Who a request comes from. */
export interface Caller {
  /** Default: one client for all who do not say. */
  readonly client?: string | undefined;
  /** The scope of its key; without one, it has the limit of `read`. */
  readonly scope?: 'read' | 'write' | 'admin' | undefined;
  /** Aborted when the client disconnects. */
  readonly signal?: AbortSignal | undefined;
}

/** Units of work per minute and client, by scope; 0 for no limit. Undefined: the default, once a client has a key. */
export interface WorkLimitSettings {
  readonly workMaxRead?: number | undefined;
  readonly workMaxWrite?: number | undefined;
  readonly workMaxAdmin?: number | undefined;
}

/** No less than 6,000 feeds of the sample: some four minutes of one core. */
const workMaxDefault = 2_000_000_000;

/**
 * Limits the work of each client per minute. Once a client has used up its minute, new requests are refused with
 * `rate-limited`; running ones finish.
 */
export class WorkLimits {
  readonly #settings: WorkLimitSettings;
  readonly #windows: MinuteWindows;

  constructor(settings: WorkLimitSettings, now: () => number) {
    this.#settings = settings;
    this.#windows = new MinuteWindows(now);
  }

  assertBelow({ client = '', scope }: Caller): void {
    const { workMaxRead, workMaxWrite, workMaxAdmin } = this.#settings;
    const limits = { read: workMaxRead, write: workMaxWrite, admin: workMaxAdmin };
    const max = limits[scope ?? 'read'] ?? (scope === undefined ? 0 : workMaxDefault);
    if (max === 0 || this.#windows.usedBy(client) < max) return;
    const detail = `the requests of this minute have taken the ${max} units of work that one client may use`;
    throw new Problem('rate-limited', detail, [], {
      'Retry-After': String(this.#windows.secondsLeft(client)),
    });
  }

  add(client: string, units: number): void {
    this.#windows.add(client, units);
  }
}
