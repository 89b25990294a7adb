import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { describeMachine } from '../../bench/case.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { haproxyVersion } from './haproxy.ts';
import { runTrial } from './trial.ts';

interface LabOptions {
  folder?: string;
  saves: number;
  rate: number;
  seconds: number;
  phaseSeconds: number;
  haproxy: string;
  json?: true;
}

await new Command('lab:replicas')
  .description(
    'A writer and two replicas on this machine: a replica from nothing, lag under writes, a killed and a lagging replica behind HAProxy, and a writer that is lost.',
  )
  .option('--folder <dir>', 'where a folder for the data is made and removed (default: temporary files)')
  .option('--saves <n>', 'saves of the generated data', integer(1_000), 2_300_000)
  .option('--rate <n>', 'saves per second while the lag is measured', integer(1), 5_000)
  .option('--seconds <n>', 'how long, by fresh servers and then once more', integer(1), 20)
  .option('--phase-seconds <n>', 'seconds of each of six phases behind HAProxy', integer(1), 4)
  .option('--haproxy <program>', "HAProxy (Debian's package haproxy)", 'haproxy')
  .addOption(jsonOption())
  .action(async ({ folder, haproxy, json, ...options }: LabOptions) => {
    const version = haproxyVersion(haproxy);
    if (version === undefined) {
      process.stderr.write(
        `lab:replicas: ${haproxy} does not run: the proxy is left out (apt install haproxy)\n`,
      );
    }
    const result = await runTrial({
      ...options,
      folder: mkdtempSync(path.join(folder ?? tmpdir(), 'pinwalk-replicas-')),
      haproxy: version === undefined ? undefined : haproxy,
      onStage: (stage) => process.stderr.write(`lab:replicas: ${stage} …\n`),
    });
    const report = { machine: describeMachine(), haproxy: version ?? null, ...result };
    if (json === true) printJson(report);
    else print(JSON.stringify(report, null, 2));
    const isRight =
      result.freshLag.lostReads === 0 &&
      result.lag.lostReads === 0 &&
      (result.proxied === null ||
        (result.proxied.unseen === 0 &&
          Object.keys(result.proxied.statuses).every((status) => ['200', '201'].includes(status))));
    if (!isRight) process.exitCode = 1;
  })
  .parseAsync();
