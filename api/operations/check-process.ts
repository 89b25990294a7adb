import { checkDatabase, openDataFolder } from '../../graph-data/index.ts';

/** A process of its own: unlike a thread, it can be ended within a long statement. */
process.stdout.write(JSON.stringify(checkDatabase(openDataFolder(process.argv[2]!))));
