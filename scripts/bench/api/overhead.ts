import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { median } from '../case.ts';

/** Times of requests sent one at a time; medians, in milliseconds. */
interface Overhead {
  readonly requests: number;
  readonly totalMs: number;
  readonly walkMs: number;
  /** All but the walk: both ends of the connection, parsing, validation, lookups, serialization. */
  readonly restMs: number;
  /** The mean within the server, from the request to the end of the response, without the walk. */
  readonly serverRestMs: number;
}

export async function measureOverhead(
  port: number,
  nextPath: () => string,
  requests: number,
  now: () => number,
): Promise<Overhead> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const totals: number[] = [];
  const walks: number[] = [];
  const rests: number[] = [];
  const before = await secondsWithoutWalks(port);
  for (let i = 0; i < requests; i++) {
    const started = now();
    const body = await new Promise<string>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: nextPath(), agent }, (response) => {
        text(response).then(resolve, reject);
      }).on('error', reject);
    });
    const total = now() - started;
    const { stats } = JSON.parse(body) as { stats: { walkMs: number } };
    totals.push(total);
    walks.push(stats.walkMs);
    rests.push(total - stats.walkMs);
  }
  agent.destroy();
  const serverRestMs = (((await secondsWithoutWalks(port)) - before) * 1000) / requests;
  return { requests, totalMs: median(totals), walkMs: median(walks), restMs: median(rests), serverRestMs };
}

async function secondsWithoutWalks(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const metrics = await response.text();
  const sumOf = (name: string): number =>
    [...metrics.matchAll(new RegExp(`^${name}_sum\\{.*related.* (\\S+)$`, 'gm'))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  return sumOf('pinwalk_request_seconds') - sumOf('pinwalk_walk_seconds');
}
