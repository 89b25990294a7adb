import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runCommand, startServer } from '../../bench/api/server-process.ts';
import { freePort } from '../../free-port.ts';
import { type Probe, probeUntil, quantile, saveAtRate } from './clients.ts';
import { startHaproxy } from './haproxy.ts';
import { startLink } from './link.ts';

interface TrialOptions {
  /** Emptied first, and removed at the end. */
  readonly folder: string;
  readonly saves: number;
  /** Saves per second, and for how long. */
  readonly rate: number;
  readonly seconds: number;
  /** Of each phase behind the proxy. */
  readonly phaseSeconds: number;
  /** The program; undefined to leave the proxy out. */
  readonly haproxy: string | undefined;
  readonly onStage: (stage: string) => void;
}

type Server = Awaited<ReturnType<typeof startServer>>;

/** The results of the trial; seconds and milliseconds by the clock. */
interface TrialResult {
  readonly saves: number;
  readonly publishSeconds: number;
  readonly publishAgainSeconds: number;
  readonly replicaReadySeconds: number;
  /** Under the load, by servers that have just started: their code is not compiled yet. */
  readonly freshLag: Lag;
  /** Under the same load again, with other new boards. */
  readonly lag: Lag;
  readonly proxied: {
    readonly probes: number;
    /** Statuses of reads and saves, 0 for none. */
    readonly statuses: Readonly<Record<number, number>>;
    readonly unseen: number;
    readonly p99: number;
    readonly max: number;
    /** Of the reads that began in each phase. */
    readonly phases: readonly { readonly phase: string; readonly p50: number; readonly p99: number }[];
    readonly slowest: ReturnType<Awaited<ReturnType<typeof startHaproxy>>['slowest']>;
  } | null;
  readonly restoreSeconds: number;
  readonly servedAgainSeconds: number;
}

interface Lag {
  readonly acknowledgedPerSecond: number;
  /** Reads that had a response. */
  readonly probes: number;
  readonly lostReads: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A replica is out of the proxy's turn beyond this lag, and reads wait longer than that. */
const settings = ['--lag-ms-max', '1000', '--queue-ms-max', '1000', '--rate-limit-per-minute', '0'];
const proxiedRate = 100;

/** The whole life of a writer and two replicas, on this machine. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const { folder, saves, onStage } = options;
  rmSync(folder, { recursive: true, force: true });
  const at = (name: string): string => path.join(folder, name);
  const [data, published] = [at('writer'), at('published')];
  onStage('writes the data');
  const pins = Math.ceil(saves / 10);
  const sizes = ['--pins', String(pins), '--boards', String(Math.ceil(saves / 12)), '--saves', String(saves)];
  await runCommand('sample', 'synthetic', ...sizes, '--data', data);
  await runCommand('build', '--data', data, '--no-analysis');
  const writer = await startServer(data, settings);
  const running: { stop: () => unknown }[] = [writer];
  try {
    onStage('publishes');
    const publishSeconds = await secondsOf(async () => runCommand('publish', published, '--data', data));
    const publishAgainSeconds = await secondsOf(async () => runCommand('publish', published, '--data', data));
    onStage('starts a replica from nothing');
    const link = await startLink(writer.port);
    running.push({ stop: link.close });
    const follow = (port: number): string[] => [
      ...settings,
      '--follow',
      published,
      '--writer-url',
      `http://127.0.0.1:${port}`,
    ];
    const ports = [await freePort(), await freePort()] as const;
    const start = async (i: 0 | 1): Promise<Server> => {
      const flags = [...follow(i === 0 ? writer.port : link.port), '--port', String(ports[i])];
      const replica = await startServer(at(`replica${i}`), flags);
      await ready(ports[i]);
      return replica;
    };
    let first!: Server;
    const replicaReadySeconds = await secondsOf(async () => void (first = await start(0)));
    const second = await start(1);
    running.push(second, { stop: async () => first.kill() });

    onStage(`saves ${options.rate} a second`);
    const load = { ...options, pins };
    const freshLag = await measureLag(writer.port, ports[0], { ...load, name: 'fresh' });
    const lag = await measureLag(writer.port, ports[0], { ...load, name: 'load' });

    let proxied: TrialResult['proxied'] = null;
    if (options.haproxy !== undefined) {
      onStage('reads and writes through HAProxy, kills one replica, lets the other lag');
      const proxy = await startHaproxy(options.haproxy, folder, writer.port, ports);
      running.push(proxy);
      const phaseMs = 1_000 * options.phaseSeconds;
      let isOver = false;
      const through = url(proxy.port);
      const phases: Phase[] = [];
      const begin = (phase: string): void => void phases.push({ phase, at: performance.now() });
      begin('both replicas');
      const probing = probeUntil(through, through, {
        rate: proxiedRate,
        name: 'proxied',
        isOver: () => isOver,
      });
      await wait(phaseMs);
      begin('one killed');
      await first.kill();
      await wait(phaseMs);
      begin('it starts again');
      first = await start(0);
      begin('both again');
      await wait(phaseMs);
      begin('the other lags');
      link.block();
      await wait(phaseMs);
      begin('it catches up');
      link.open();
      await wait(phaseMs);
      isOver = true;
      proxied = { ...summaryOf(await probing, phases), slowest: proxy.slowest() };
    }

    onStage('loses the writer');
    await runCommand('publish', published, '--data', data);
    await writer.kill();
    const other = at('other-machine');
    const restoreSeconds = await secondsOf(async () => runCommand('restore', published, '--data', other));
    const servedAgainSeconds = await secondsOf(async () => {
      const restored = await startServer(other, settings);
      running.push(restored);
      await ready(restored.port);
    });
    return {
      saves,
      publishSeconds,
      publishAgainSeconds,
      replicaReadySeconds,
      freshLag,
      lag,
      proxied,
      restoreSeconds,
      servedAgainSeconds,
    };
  } finally {
    for (const { stop } of running.toReversed()) await stop();
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Saves at a rate, and probes a replica meanwhile. */
async function measureLag(
  writer: number,
  replica: number,
  load: Parameters<typeof saveAtRate>[1],
): Promise<Lag> {
  const loading = saveAtRate(writer, load);
  const until = performance.now() + 1_000 * load.seconds;
  const probes = await probeUntil(url(writer), url(replica), {
    rate: 50,
    name: `${load.name} probe`,
    isOver: () => performance.now() >= until,
  });
  const times = timesOf(probes);
  return {
    acknowledgedPerSecond: (await loading) / load.seconds,
    probes: times.length,
    lostReads: probes.filter(({ isSeen }) => !isSeen).length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
  };
}

interface Phase {
  readonly phase: string;
  readonly at: number;
}

function summaryOf(
  probes: readonly Probe[],
  phases: readonly Phase[],
): Omit<NonNullable<TrialResult['proxied']>, 'slowest'> {
  const statuses: Record<number, number> = {};
  for (const status of probes.flatMap(({ saveStatus, readStatus }) => [saveStatus, readStatus])) {
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  const times = timesOf(probes);
  return {
    probes: probes.length,
    statuses,
    unseen: probes.filter(({ isSeen }) => !isSeen).length,
    p99: quantile(times, 0.99),
    max: quantile(times, 1),
    phases: phases.map(({ phase, at }, i) => {
      const end = phases[i + 1]?.at ?? Infinity;
      const within = timesOf(probes.filter((probe) => probe.at >= at && probe.at < end));
      return { phase, p50: quantile(within, 0.5), p99: quantile(within, 0.99) };
    }),
  };
}

/** Times of the reads that had a response. */
function timesOf(probes: readonly Probe[]): number[] {
  return probes.map(({ ms }) => ms).filter((ms) => !Number.isNaN(ms));
}

function url(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function ready(port: number): Promise<void> {
  for (;;) {
    const status = await fetch(`${url(port)}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await wait(50);
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
}
