import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runCommand, startServer } from '../../bench/api/server-process.ts';
import { startBrokers } from './broker.ts';
import { createTopics, openProducer, send } from './clients.ts';
import { consumedIn } from './held.ts';
import { partitions, topics } from './records.ts';

interface ThroughputOptions {
  readonly jars: string;
  /** Of its own. */
  readonly folder: string;
  readonly records: number;
}

interface Throughput {
  readonly records: number;
  readonly seconds: number;
  readonly savesPerSecond: number;
  /** Of the server, from its start to the last record. */
  readonly serverCpuSeconds: number;
}

const recordsPerSend = 5_000;

/** Fills a topic with saves, then times how long a server that starts takes to store them all. */
export async function runThroughput({ jars, folder, records }: ThroughputOptions): Promise<Throughput> {
  const data = path.join(folder, 'data');
  mkdirSync(data, { recursive: true });
  // A server without a graph would not say at which port it listens.
  await runCommand(
    'sample',
    'synthetic',
    '--pins',
    '100',
    '--boards',
    '50',
    '--saves',
    '500',
    '--data',
    data,
  );
  await runCommand('build', '--data', data);
  const [broker] = await startBrokers(jars, path.join(folder, 'kafka'));
  const brokers = [broker!.address];
  let server: Awaited<ReturnType<typeof startServer>> | undefined;
  try {
    await createTopics({ brokers }, new Map([[topics.saves, partitions]]));
    const producer = openProducer({ brokers });
    for (let sent = 0; sent < records; sent += recordsPerSend) await send(producer, savesFrom(sent, records));
    await producer.close();
    const flags = ['--kafka-brokers', ...brokers, '--kafka-consume', `saves=${topics.saves}`];
    server = await startServer(data, flags);
    // From its first transaction, so that the start of processes does not count.
    let [first, began] = [0, 0];
    for (const until = performance.now() + 600_000; performance.now() < until; await wait(20)) {
      const consumed = consumedIn(data);
      if (consumed > 0 && first === 0) [first, began] = [consumed, performance.now()];
      if (consumed < records) continue;
      const seconds = (performance.now() - began) / 1_000;
      const savesPerSecond = Math.round((records - first) / seconds);
      return { records, seconds, savesPerSecond, serverCpuSeconds: server.cpuMs() / 1_000 };
    }
    throw new Error(`only ${consumedIn(data)} of ${records} records were stored within ten minutes`);
  } finally {
    await server?.kill();
    await broker!.kill();
  }
}

/** Ten saves a board, on pins of which a few are saved often. */
function savesFrom(from: number, end: number) {
  return Array.from({ length: Math.min(recordsPerSend, end - from) }, (_, i) => {
    const save = from + i;
    const board = Math.floor(save / 10);
    const pin = Math.floor(50_000 * ((save * 0.754877666) % 1) ** 2);
    const value = {
      user: `user-${board % 20_000}`,
      board: `board-${board}`,
      pin: `pin-${pin}`,
      savedAt: 1_750_000_000_000 + save,
    };
    return { topic: topics.saves, partition: board % partitions, value: JSON.stringify(value) };
  });
}
