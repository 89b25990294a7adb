import { setTimeout as wait } from 'node:timers/promises';

/**
 * Saves for a number of seconds at a rate, in requests of 50, on 20,000 new boards with this name: at first, each save creates a board. Returns how
 * many were acknowledged.
 */
export async function saveAtRate(
  writer: number,
  {
    rate,
    seconds,
    pins,
    name,
  }: { readonly rate: number; readonly seconds: number; readonly pins: number; readonly name: string },
): Promise<number> {
  const perRequest = 50;
  const began = performance.now();
  const sent: Promise<number>[] = [];
  const total = rate * seconds;
  for (let next = 0; next < total; next += perRequest) {
    const ms = began + (1_000 * next) / rate - performance.now();
    if (ms > 0) await wait(ms);
    const saves = Array.from({ length: perRequest }, (_, i) => {
      const board = (next * 31 + i) % 20_000;
      return {
        user: `${name} ${board % 2_000}`,
        board: `${name} ${board}`,
        pin: `pin-${(next * 17 + i * 101) % pins}`,
      };
    });
    sent.push(
      post(`http://127.0.0.1:${writer}/v1/saves`, saves).then(({ status }) =>
        status === 201 ? perRequest : 0,
      ),
    );
  }
  return (await Promise.all(sent)).reduce((sum, each) => sum + each, 0);
}

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** A save, and a read of it that waits for its position. */
export interface Probe {
  /** When the save was sent, by the clock of `performance`. */
  readonly at: number;
  /** From the response of the save to that of the read; NaN if either failed. */
  readonly ms: number;
  readonly saveStatus: number;
  readonly readStatus: number;
  /** Whether the read had the save. */
  readonly isSeen: boolean;
}

/** `board`: of its own, so that the list stays short. */
async function probe(saveAt: string, readAt: string, board: string, pin: string): Promise<Probe> {
  const at = performance.now();
  const failed = { at, ms: NaN, saveStatus: 0, readStatus: 0, isSeen: false };
  try {
    const saved = await post(`${saveAt}/v1/saves`, { user: 'prober', board, pin });
    await saved.arrayBuffer();
    const token = saved.headers.get('pinwalk-position');
    if (token === null) return { ...failed, saveStatus: saved.status };
    const began = performance.now();
    const read = await fetch(`${readAt}/v1/boards/${encodeURIComponent(board)}/saves?limit=1000`, {
      headers: { 'pinwalk-position': token },
    });
    const text = await read.text();
    return {
      at,
      ms: performance.now() - began,
      saveStatus: saved.status,
      readStatus: read.status,
      isSeen: text.includes(`"${pin}"`),
    };
  } catch {
    return failed;
  }
}

/** Probes until it is over, so many per second. A board has at most 500 of them. */
export async function probeUntil(
  saveAt: string,
  readAt: string,
  { rate, name, isOver }: { readonly rate: number; readonly name: string; readonly isOver: () => boolean },
): Promise<Probe[]> {
  const probes: Promise<Probe>[] = [];
  const began = performance.now();
  for (let i = 0; !isOver(); i++) {
    const ms = began + (1_000 * i) / rate - performance.now();
    if (ms > 0) await wait(ms);
    probes.push(probe(saveAt, readAt, `${name} ${Math.floor(i / 500)}`, `${name} pin ${i}`));
  }
  return Promise.all(probes);
}

/** The value that a share of the others does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}
