/** What a thread runs that shall load its code, given as an argument, and work at the priority of threads that walk. */
import { getPriority, setPriority } from 'node:os';

/** As that of walks (`walk-pool.ts`). */
const niceMin = 10;

// Only Linux has priorities of threads. Where the whole process is as nice already, its threads need not be nicer.
if (process.platform === 'linux') setPriority(Math.max(niceMin, getPriority()));
await import(process.argv[2]!);
