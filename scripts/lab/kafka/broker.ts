import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';
import { accepts } from '../start-spark.ts';

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

export const brokerId = 1;
const startMsMax = 120_000;
/** A broker that is forgotten ends itself. */
const lifeSecondsMax = 7_200;

/** A broker in KRaft mode on loopback, that can be killed and started again with its data. */
export class Broker {
  readonly #jars: string;
  readonly #folder: string;
  readonly port: number;
  readonly #settings: string;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor(jars: string, folder: string, port: number, controllerPort: number) {
    this.#jars = jars;
    this.#folder = folder;
    this.port = port;
    this.#settings = path.join(folder, 'server.properties');
    const settings = {
      'process.roles': 'broker,controller',
      'node.id': brokerId,
      'controller.quorum.voters': `${brokerId}@127.0.0.1:${controllerPort}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'log.dirs': path.join(folder, 'logs'),
      'offsets.topic.replication.factor': 1,
      'transaction.state.log.replication.factor': 1,
      'transaction.state.log.min.isr': 1,
      'auto.create.topics.enable': false,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(this.#settings, lines.join(''));
    process.once('exit', () => killGroup(this.#child));
  }

  /** Formats storage in a new folder, and starts the broker. */
  static async create(jars: string, folder: string): Promise<Broker> {
    mkdirSync(folder, { recursive: true });
    const broker = new Broker(jars, folder, await freePort(), await freePort());
    const id = randomBytes(16).toString('base64url');
    const args = ['format', '--cluster-id', id, '--config', broker.#settings];
    const { status, stderr } = spawnSync('java', broker.#java('kafka.tools.StorageTool', args), {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Kafka cannot format its storage: ${stderr.slice(-2_000)}`);
    await broker.start();
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
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
      if (await accepts(this.port)) return;
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
