import { setTimeout as wait } from 'node:timers/promises';
import type { SoakTraffic } from './soak-traffic.ts';

interface ProbeOptions {
  readonly port: number;
  readonly traffic: SoakTraffic;
  readonly count: number;
  readonly seconds: number;
}

/** Sends probes evenly over the time. Returns the milliseconds from a save to a response that reflects it, of those that do. */
export async function probeAll({ port, traffic, count, seconds }: ProbeOptions): Promise<number[]> {
  const times: number[] = [];
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const { save, look, isIn } = traffic.probe();
    const headers = { 'Content-Type': 'application/json' };
    const saved = await fetch(`http://127.0.0.1:${port}/v1/saves`, { method: 'POST', headers, body: save });
    const savedAt = performance.now();
    const response = await getJson<Parameters<typeof isIn>[0]>(port, look);
    if (saved.status === 201 && isIn(response)) times.push(performance.now() - savedAt);
    await wait(Math.max(0, start + ((i + 1) * seconds * 1000) / count - performance.now()));
  }
  return times;
}

export async function getJson<Body>(port: number, urlPath: string): Promise<Body> {
  const response = await fetch(`http://127.0.0.1:${port}${urlPath}`);
  return (await response.json()) as Body;
}
