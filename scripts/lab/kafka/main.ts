import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { describeMachine } from '../../bench/case.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { fetchJars, jarsIn, kafkaVersion } from './broker.ts';
import { runKills } from './kills.ts';
import { mechanisms, secure } from './security.ts';
import { runThroughput } from './throughput.ts';

interface LabOptions {
  folder: string;
  release: string;
  kills: number;
  saves: number;
  seed: number;
  brokers: number;
  sasl?: (typeof mechanisms)[number];
  json?: true;
}

// The broker ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await new Command('lab:kafka')
  .description(
    'A Kafka broker on this machine and a server that reads and writes its topics: kills of either side, with exact counts after each, and saves per second. Needs Java 17; fetches Kafka from Maven Central into the folder if it is missing (Maven, 90 MB).',
  )
  .requiredOption('--folder <dir>', 'where the jars of Kafka are or will be, outside of the repository')
  .option('--release <version>', 'version of Kafka', '4.3.1')
  .option('--kills <n>', 'kills of the broker or the server', integer(0), 200)
  .option('--saves <n>', 'saves whose throughput is measured; 0 for none', integer(0), 1_000_000)
  .option('--seed <n>', 'of records and kills', integer(0), 1)
  .option('--brokers <n>', 'brokers of the cluster of the kills', integer(1), 1)
  .addOption(
    new Option(
      '--sasl <mechanism>',
      'kills with TLS, certificates of both sides (by openssl) and this login (default: none of it)',
    ).choices(mechanisms),
  )
  .addOption(jsonOption())
  .action(async ({ folder, release, kills, saves, seed, brokers: count, sasl, json }: LabOptions) => {
    const jars = jarsIn(folder);
    if (kafkaVersion(jars) === undefined) fetchJars(jars, release);
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-kafka-'));
    try {
      const security = sasl && secure(path.join(temporary, 'certificates'), sasl);
      // The server that is started reads it.
      if (security !== undefined) process.env['PINWALK_KAFKA_PASSWORD'] = security.password;
      const killing = {
        jars,
        folder: path.join(temporary, 'kills'),
        kills,
        seed,
        count,
        security,
        onRound: (round: object) => process.stderr.write(`lab:kafka: ${JSON.stringify(round)}\n`),
      };
      const rounds = kills === 0 ? [] : await runKills(killing);
      const throughput =
        saves === 0
          ? null
          : await runThroughput({ jars, folder: path.join(temporary, 'throughput'), records: saves });
      const wrong = rounds.filter(({ faults }) => faults.length > 0);
      const last = rounds.at(-1);
      const report = {
        machine: describeMachine(),
        kafka: kafkaVersion(jars) ?? null,
        brokers: count,
        sasl: sasl ?? null,
        kills: {
          broker: rounds.filter(({ killed }) => killed === 'broker').length,
          server: rounds.filter(({ killed }) => killed === 'server').length,
        },
        records: last?.records ?? 0,
        changes: last?.changes ?? 0,
        faults: wrong.flatMap(({ faults }) => faults),
        throughput,
      };
      if (json === true) printJson(report);
      else print(JSON.stringify(report, null, 2));
      if (wrong.length > 0) process.exitCode = 1;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();
