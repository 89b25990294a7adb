import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { integer } from '../commands/shared/options.ts';
import { print } from '../output.ts';
import { startSpark } from './start-spark.ts';

interface LabOptions {
  folder: string;
  port: number;
  release: string;
}

await new Command('lab:spark')
  .description(
    'Starts a Spark Connect server on this machine until Ctrl-C, for pinwalk build --spark. Installs pyspark from PyPI into the folder if it is missing (900 MB); needs Java 17 and Python 3.',
  )
  .requiredOption('--folder <dir>', 'where Spark is or will be, outside of the repository')
  .option('--port <n>', 'port on loopback', integer(1, 65_535), 15_002)
  .option('--release <version>', 'version of pyspark', '4.0.1')
  .action(async ({ folder, port, release }: LabOptions) => {
    const home = path.join(path.resolve(folder), 'pyspark');
    if (!existsSync(path.join(home, 'jars'))) {
      const args = ['-m', 'pip', 'install', '--no-deps', '--target', folder, `pyspark==${release}`];
      if (spawnSync('python3', args, { stdio: 'inherit' }).status !== 0) process.exit(1);
    }
    const temporary = path.join(path.resolve(folder), 'temporary');
    mkdirSync(temporary, { recursive: true });
    const { address, child, stop } = await startSpark(home, port, temporary);
    print(
      `Spark ${release} at ${address}: pinwalk build --from LAKE --spark ${address} --spark-home ${home}`,
    );
    process.once('SIGINT', () => void stop());
    process.once('SIGTERM', () => void stop());
    child.once('close', () => process.exit());
  })
  .parseAsync();
