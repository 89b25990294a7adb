import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';
import { runCommand, startServer } from '../../bench/api/server-process.ts';
import { startBrokers } from './broker.ts';
import { LabReader, type Reached, createTopics, openProducer, send } from './clients.ts';
import { consumedIn, differences, positionOf } from './held.ts';
import { type LabRecord, changesTopic, labRecords, partitions, topics } from './records.ts';
import { Reference } from './reference.ts';
import type { Security } from './security.ts';

interface KillOptions {
  readonly jars: string;
  /** Of its own. */
  readonly folder: string;
  readonly kills: number;
  readonly seed: number;
  /** How many brokers the cluster has. */
  readonly count: number;
  readonly security: Security | undefined;
  readonly onRound: (round: KillRound) => void;
}

/** The findings after a kill. */
interface KillRound {
  readonly round: number;
  readonly killed: 'broker' | 'server';
  /** In the topics that are read, and in the one that is written. */
  readonly records: number;
  readonly changes: number;
  readonly faults: readonly string[];
}

/** Flags of a server that reads and writes the topics of the lab. */
function kafkaFlags({ brokers, security }: Reached): string[] {
  const consume = Object.entries(topics).map(([role, topic]) => `${role}=${topic}`);
  const named = ['--kafka-brokers', brokers.join(), '--kafka-consume', consume.join()];
  const flags = [...named, '--kafka-produce', changesTopic];
  if (security === undefined) return flags;
  const { mechanism, user, files } = security;
  const certificates = ['--kafka-ca-file', files.ca, '--kafka-cert-file', files.cert];
  const tls = ['--kafka-tls', 'on', ...certificates, '--kafka-key-file', files.key];
  return [...flags, ...tls, '--kafka-sasl', mechanism, '--kafka-user', user];
}

const recordsPerSend = 200;
/** Without any progress: a busy machine may take as long as it needs. */
const stillMsMax = 600_000;

/**
 * Kills the broker or the server, again and again while records are sent, starts it again, and compares what the server holds, and what it
 * wrote, with a reference that applies each record of the topics once.
 */
export async function runKills({
  jars,
  folder,
  kills,
  seed,
  count,
  security,
  onRound,
}: KillOptions): Promise<KillRound[]> {
  const data = path.join(folder, 'data');
  mkdirSync(data, { recursive: true });
  const random = randomStream(seed);
  const sizes = ['--pins', '100', '--boards', '50', '--saves', '500'];
  await runCommand('sample', 'synthetic', ...sizes, '--data', data);
  await runCommand('build', '--data', data);
  const brokers = await startBrokers(jars, path.join(folder, 'kafka'), { count, security });
  const reached: Reached = { brokers: brokers.map(({ address }) => address), security };
  const rounds: KillRound[] = [];
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  try {
    const counts = Object.values(topics).map((topic) => [topic, partitions] as const);
    await createTopics(reached, new Map([...counts, [changesTopic, 1]]));
    const flags = kafkaFlags(reached);
    server = await startServer(data, flags);
    const sender = new Sender(reached, labRecords(seed));
    const reader = new LabReader(Object.values(topics));
    const reference = new Reference(positionOf(data));
    const written = new WrittenChanges(reference.changes);
    for (let round = 1; round <= kills; round++) {
      const killed = nextUnit(random) < 0.5 ? 'broker' : 'server';
      sender.start();
      await wait(300 + nextBelow(random, 1_500));
      if (killed === 'broker') {
        const broker = brokers[nextBelow(random, count)]!;
        await broker.kill();
        await wait(nextBelow(random, 500));
        await broker.start();
      } else {
        await server.kill();
        await wait(nextBelow(random, 500));
        server = await startServer(data, flags);
      }
      await wait(nextBelow(random, 500));
      await sender.stop();
      await reader.read(reached, (record) => reference.apply(record, record));
      const faults = await settled(data, reader.total);
      if (faults.length === 0) faults.push(...differences(data, reference));
      faults.push(...(await written.check(reached, reference.changes)));
      const found = { round, killed, records: reader.total, changes: reference.changes, faults } as const;
      rounds.push(found);
      onRound(found);
      if (faults.length > 0) break;
    }
    return rounds;
  } finally {
    await server?.kill();
    for (const broker of brokers) await broker.kill();
  }
}

/** Waits until the server has consumed all, as long as it goes on. */
async function settled(data: string, total: number): Promise<string[]> {
  let consumed = consumedIn(data);
  for (let at = performance.now(); performance.now() - at < stillMsMax; await wait(50)) {
    if (consumed === total) return [];
    const now = consumedIn(data);
    if (now !== consumed) at = performance.now();
    consumed = now;
  }
  return [`consumed: ${consumed} instead of ${total}`];
}

/** Sends records until it is stopped; those that a broker did not acknowledge are sent again, and may be in the topic twice. */
class Sender {
  readonly #reached: Reached;
  readonly #records: Iterator<LabRecord>;
  #isStopping = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(reached: Reached, records: Iterator<LabRecord>) {
    this.#reached = reached;
    this.#records = records;
  }

  start(): void {
    this.#isStopping = false;
    this.#ended = this.#run();
  }

  /** Resolves when all that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const batch = Array.from({ length: recordsPerSend }, () => this.#records.next().value as LabRecord);
      for (let isSent = false; !isSent;) {
        const producer = openProducer(this.#reached);
        try {
          await send(producer, batch);
          isSent = true;
        } catch {
          await wait(100);
        } finally {
          await producer.close(true).catch(() => {});
        }
      }
      await wait(20);
    }
  }
}

/** The changes in the topic that the server writes: each position once, in order. */
class WrittenChanges {
  readonly #reader = new LabReader([changesTopic]);
  readonly #faults: string[] = [];
  #position: number;

  /** `position`: of the database before the first record. */
  constructor(position: number) {
    this.#position = position;
  }

  async check(reached: Reached, changes: number): Promise<string[]> {
    for (let at = performance.now(); performance.now() - at < stillMsMax; await wait(100)) {
      const before = this.#position;
      await this.#reader.read(reached, ({ value = '{}', offset }) => {
        const { position, kind } = JSON.parse(value) as { position?: number; kind?: string };
        // The first: the import of the graph is in the log without its rows.
        const isFirst = kind === 'anew' && offset === 0;
        if (position !== this.#position + 1 && !isFirst)
          this.#faults.push(`written at ${offset}: ${String(position)} after ${this.#position}`);
        this.#position = position ?? NaN;
      });
      if (this.#position >= changes || this.#faults.length > 0) break;
      if (this.#position !== before) at = performance.now();
    }
    const isWhole = this.#position === changes;
    return isWhole
      ? this.#faults
      : [...this.#faults, `written up to ${this.#position} instead of ${changes}`];
  }
}
