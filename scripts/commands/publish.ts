import path from 'node:path';
import { Command, Option } from 'commander';
import { publish } from '../../graph-data/backup/index.ts';
import { UsageError, dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { bytesText, print, printJson, stoppable, thousands, warn } from '../output.ts';

interface PublishFlags {
  data: string;
  keep: number;
  writer?: string;
  json?: true;
}

export function publishCommand(): Command {
  return new Command('publish')
    .description('Publish the data for replicas, and for a restore elsewhere, while servers run.')
    .argument('<folder>', 'folder of the publications, which replicas read as files or through a web server')
    .addOption(dataOption())
    .addOption(new Option('--keep <n>', 'generations to keep').argParser(integer(1, 1_000)).default(2))
    .option('--writer <url>', 'address of the server that takes writes, for replicas')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Contents are named by their SHA-256, and LATEST.json is replaced last: publishing can be killed and repeated. It contains
personal data. Publish again after erasing a person, and by a timer. More: docs/replicas.md`,
    )
    .action(async (folder: string, { data, keep, writer, json }: PublishFlags, command: Command) => {
      assertFolder(folder);
      if (writer !== undefined && !/^https?:\/\//.test(writer)) {
        throw new UsageError(`--writer ${writer} is no address: it starts with http:// or https://`);
      }
      if (path.resolve(folder) === path.resolve(data)) {
        throw new UsageError(`${folder} is the data folder: name another folder for publications`);
      }
      const origin = { pinwalk: command.parent!.version()!, createdAt: new Date() };
      const report = await stoppable((signal, progress) =>
        publish(dataFolder({ data }), folder, origin, {
          keep,
          writer,
          signal,
          onProgress: ({ doing, done, total }) =>
            progress.report(doing, total === 0 ? undefined : done / total, thousands(done)),
        }),
      );
      if (report.note !== undefined) warn(report.note.replace('the backup', 'the publication'));
      if (json === true) printJson(report);
      else {
        const { position, counts } = report.database;
        print(
          `Published ${thousands(counts.saves)} saves at position ${position}` +
            `${report.snapshot === null ? '' : ` and snapshot ${report.snapshot}`} in ${folder}: ` +
            `${bytesText(report.bytes)}, ${bytesText(report.newBytes)} of it new.`,
        );
      }
    });
}

function assertFolder(folder: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(folder)?.[1];
  if (scheme === undefined) return;
  throw new UsageError(
    `pinwalk publishes to folders, not to ${scheme}://: mount the bucket, or publish to a folder and copy it with the tool of your ` +
      'storage, first generations/ and files/, then LATEST.json',
  );
}
