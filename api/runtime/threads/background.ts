/** What a thread runs that shall load its code, given as an argument, and work at the lowest priority. */
import { getPriority, setPriority } from 'node:os';

/** That of walks (`walk-pool.ts`): where the whole process is as nice already, its threads need not be nicer. */
const niceOfWalks = 10;

// Only Linux has priorities of threads.
if (process.platform === 'linux' && getPriority() < niceOfWalks) setPriority(19);
await import(process.argv[2]!);
