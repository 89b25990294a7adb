import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';
import { accepts } from '../start-spark.ts';
import type { Security } from './security.ts';

/** The folder of jars within a folder of the lab. */
export function jarsIn(folder: string): string {
  return path.join(path.resolve(folder), 'jars');
}

/** The version of Kafka whose jars a folder has, if any. */
export function kafkaVersion(jars: string): string | undefined {
  if (!existsSync(jars)) return undefined;
  return readdirSync(jars).flatMap((name) => /^kafka_2\.13-(.+)\.jar$/.exec(name)?.[1] ?? [])[0];
}

/** Fetches the jars of a broker from Maven Central: some 90 MB. */
export function fetchJars(jars: string, release: string): void {
  const args = ['-q', '-B', '-f', path.join(import.meta.dirname, 'pom.xml'), 'dependency:copy-dependencies'];
  const { status, error } = spawnSync(
    'mvn',
    [...args, `-DoutputDirectory=${jars}`, `-Dkafka.version=${release}`],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0)
    throw new Error(`Maven cannot fetch Kafka: ${error?.message ?? `it exited with ${status}`}`);
}

/** A busy machine may take minutes. */
const startMsMax = 600_000;
/** A broker that is forgotten ends itself. */
const lifeSecondsMax = 7_200;

interface BrokerOptions {
  readonly jars: string;
  /** Of its own. */
  readonly folder: string;
  readonly clusterId: string;
  /** From 1 on; the first is the controller of all. */
  readonly id: number;
  readonly controllerPort: number;
  /** Default: anybody may connect, without TLS. */
  readonly security?: Security | undefined;
}

/** Starts brokers of one cluster on loopback, each with its data in a folder of its own. */
export async function startBrokers(
  jars: string,
  folder: string,
  { count = 1, security }: { readonly count?: number; readonly security?: Security | undefined } = {},
): Promise<Broker[]> {
  const clusterId = randomBytes(16).toString('base64url');
  const controllerPort = await freePort();
  const brokers: Broker[] = [];
  for (let id = 1; id <= count; id++) {
    const own = path.join(folder, `broker-${id}`);
    brokers.push(await Broker.create({ jars, folder: own, clusterId, id, controllerPort, security }));
  }
  return brokers;
}

/** A broker in KRaft mode on loopback, that can be killed and started again with its data. */
class Broker {
  readonly #jars: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #settings: string;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor({ jars, folder, ...options }: BrokerOptions, port: number, innerPort: number) {
    this.#jars = jars;
    this.#folder = folder;
    this.#port = port;
    this.#settings = path.join(folder, 'server.properties');
    const settings = { ...settingsOf(options, port, innerPort), 'log.dirs': path.join(folder, 'logs') };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.#settings, lines.join(''));
    process.once('exit', () => killGroup(this.#child));
  }

  /** Formats storage in a new folder, and starts the broker. */
  static async create(options: BrokerOptions): Promise<Broker> {
    mkdirSync(options.folder, { recursive: true });
    const broker = new Broker(options, await freePort(), await freePort());
    // With an equals sign: an id may begin with a hyphen.
    const args = ['format', `--cluster-id=${options.clusterId}`, '--config', broker.#settings];
    if (options.security !== undefined) args.push(...options.security.formatArgs);
    const { status, stderr } = spawnSync('java', broker.#java('kafka.tools.StorageTool', args), {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Kafka cannot format its storage: ${stderr.slice(-2_000)}`);
    await broker.start();
    return broker;
  }

  get address(): string {
    return `${host}:${this.#port}`;
  }

  /** Resolves when it accepts connections. */
  async start(): Promise<void> {
    const args = ['-k', '10', String(lifeSecondsMax), 'java', ...this.#java('kafka.Kafka', [this.#settings])];
    const child = spawn('timeout', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: this.#folder,
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => (this.#log = (this.#log + text.toString()).slice(-5_000)));
    }
    for (const began = performance.now(); performance.now() - began < startMsMax; await wait(100)) {
      if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}: ${this.#log}`);
      if (await accepts(this.#port)) return;
    }
    await this.kill();
    throw new Error(`Kafka does not accept connections: ${this.#log}`);
  }

  /** Kills it by SIGKILL. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    killGroup(child);
    await ended;
  }

  #java(main: string, args: readonly string[]): string[] {
    return [
      '-Xmx512m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      `${this.#jars}/*`,
      main,
      ...args,
    ];
  }
}

/** The process that bounds its life, and Java. */
function killGroup(child: ChildProcess | undefined): void {
  if (child?.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
}

/** As its certificate names it. */
const host = 'localhost';

function settingsOf(
  { id, controllerPort, security }: Omit<BrokerOptions, 'jars' | 'folder'>,
  port: number,
  innerPort: number,
): Record<string, string | number | boolean> {
  const listeners = [`CLIENT://127.0.0.1:${port}`, `INNER://127.0.0.1:${innerPort}`];
  if (id === 1) listeners.push(`CONTROLLER://127.0.0.1:${controllerPort}`);
  const client = security === undefined ? 'PLAINTEXT' : 'SASL_SSL';
  return {
    'process.roles': id === 1 ? 'broker,controller' : 'broker',
    'node.id': id,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: listeners.join(),
    'advertised.listeners': `CLIENT://${host}:${port},INNER://127.0.0.1:${innerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INNER',
    'listener.security.protocol.map': `CLIENT:${client},INNER:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'auto.create.topics.enable': false,
    ...security?.brokerSettings,
  };
}
