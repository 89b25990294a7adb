import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';

interface Proxy {
  readonly port: number;
  /** The requests so far that took longest, longest first. */
  readonly slowest: () => SlowRequest[];
  readonly stop: () => void;
}

/** A request by the log of the proxy. */
interface SlowRequest {
  readonly ms: number;
  /** The last server, and how often the request was sent to one again. */
  readonly server: string;
  readonly retries: number;
  /** For a place in the queue of the server, for its connection, for its response. */
  readonly queueMs: number;
  readonly connectMs: number;
  readonly responseMs: number;
  readonly status: number;
}

const slowestMax = 5;

/** The version of a program, if it runs. */
export function haproxyVersion(program: string): string | undefined {
  const { stdout, status } = spawnSync(program, ['-v'], { encoding: 'utf8' });
  return status === 0 ? /version (\S+)/.exec(stdout)?.[1] : undefined;
}

/**
 * Reads go to replicas that are ready, writes to the writer, which also reads when no replica is ready. A read is repeated on another
 * server when one is killed, does not respond, or has not reached the position of the read.
 */
function haproxyConfig(port: number, writer: number, replicas: readonly number[]): string {
  return `global
  maxconn 4096
  log stdout format raw local0

defaults
  mode http
  log global
  log-format "%Ta %s %rc %Tw %Tc %Tr %ST"
  timeout connect 1s
  timeout client 30s
  timeout server 10s
  # By default a check may take as long as its interval: a busy server would be taken for a dead one.
  timeout check 2s
  option httpchk GET /readyz
  http-check expect status 200
  default-server inter 200ms fall 2 rise 2

frontend pinwalk
  bind 127.0.0.1:${port}
  acl is_read method GET HEAD
  acl is_recommendation path_beg /v1/recommendations /v1/walks
  use_backend replicas if is_read or is_recommendation
  default_backend writer

backend replicas
  balance leastconn
  retries 3
  option redispatch 1
  # Recommendations by POST change nothing, so they may be repeated as well.
  retry-on conn-failure empty-response response-timeout 503
${replicas.map((each, i) => `  server replica${i + 1} 127.0.0.1:${each} check`).join('\n')}
  server writer 127.0.0.1:${writer} check backup

backend writer
  # There is no other: a check could only refuse.
  server writer 127.0.0.1:${writer}
`;
}

/** Starts HAProxy on a free port of this machine. Its configuration is written to the folder. */
export async function startHaproxy(
  program: string,
  folder: string,
  writer: number,
  replicas: readonly number[],
): Promise<Proxy> {
  const port = await freePort();
  const file = path.join(folder, 'haproxy.cfg');
  writeFileSync(file, haproxyConfig(port, writer, replicas));
  const child: ChildProcess = spawn(program, ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let slowest: SlowRequest[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const request = requestOf(line);
    if (request !== undefined && request.ms > (slowest.at(slowestMax - 1)?.ms ?? 0))
      slowest = [...slowest, request].toSorted((a, b) => b.ms - a.ms).slice(0, slowestMax);
  });
  // The first checks.
  for (let tries = 0; tries < 100; tries++) {
    const isUp = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isUp) return { port, slowest: () => slowest, stop: () => void child.kill('SIGTERM') };
    if (child.exitCode !== null) break;
    await wait(100);
  }
  child.kill('SIGKILL');
  throw new Error('HAProxy finds no server that is ready');
}

/** A line of the log, unless it is about something else. */
function requestOf(line: string): SlowRequest | undefined {
  const [, ms, server, retries, ...times] =
    /^(\d+) (\S+) \+?(\d+) (-?\d+) (-?\d+) (-?\d+) (\d+)$/.exec(line) ?? [];
  if (ms === undefined || server === undefined) return undefined;
  const [queueMs = NaN, connectMs = NaN, responseMs = NaN, status = NaN] = times.map(Number);
  return { ms: Number(ms), server, retries: Number(retries), queueMs, connectMs, responseMs, status };
}
