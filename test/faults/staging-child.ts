import { StagingFolder } from '../../graph-data/backup/staging-folder.ts';

/** Has a staging folder until it is killed. argv[2]: the start of its path. Prints the path. */
const staging = StagingFolder.create(process.argv[2]!);
process.stdout.write(`${staging.path}\n`);
setInterval(() => staging.path, 60_000);
