import { SaveWriter, openDataFolder } from '../../graph-data/index.ts';

/** Erases the user argv[3], unless it is killed. Prints a line before, and one when the rows are gone. */
const writer = SaveWriter.open(openDataFolder(process.argv[2]!), { busyMs: 5_000 });
process.stdout.write('begun\n');
writer.erase(process.argv[3]!, 0);
process.stdout.write('rows\n');
writer.scrub(0);
writer.truncateWal();
