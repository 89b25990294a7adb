import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

interface SparkServer {
  /** For `pinwalk build --spark`. */
  readonly address: string;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
}

/** A busy machine may take minutes. */
const startMsMax = 600_000;

/**
 * Starts a Spark Connect server on loopback, on all cores of this machine, from a Spark installation such as that of pip's `pyspark`.
 * Its temporary files are in `folder`. Resolves when it accepts connections; rejects if it ends before.
 */
export async function startSpark(home: string, port: number, folder: string): Promise<SparkServer> {
  const settings = {
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': String(port),
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.host': '127.0.0.1',
    'spark.ui.enabled': 'false',
    'spark.local.dir': folder,
    'spark.sql.warehouse.dir': path.join(folder, 'warehouse'),
    'spark.sql.shuffle.partitions': '8',
  };
  const child = spawn(
    path.join(home, 'bin/spark-submit'),
    [
      '--master',
      'local[*]',
      '--driver-memory',
      '3g',
      '--class',
      'org.apache.spark.sql.connect.service.SparkConnectServer',
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      'spark-internal',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder, env: { ...process.env, SPARK_HOME: home } },
  );
  let log = '';
  child.stderr.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-5_000)));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  for (const started = performance.now(); performance.now() - started < startMsMax; await wait(200)) {
    if (child.exitCode !== null) throw new Error(`Spark ended with ${child.exitCode}: ${log}`);
    if (await accepts(port)) return { address: `127.0.0.1:${port}`, child, stop };
  }
  await stop();
  throw new Error(`Spark does not accept connections: ${log}`);
}

/** Whether something on this machine accepts connections at a port. */
export function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
