/** What a thread runs that shall load its code, given as an argument, and work at the priority of threads that walk. */
import { getPriority, setPriority } from 'node:os';

/** As that of walks (`walk-pool.ts`). */
const niceIncrement = 10;

// Only Linux has priorities of threads.
if (process.platform === 'linux') setPriority(Math.min(19, getPriority() + niceIncrement));
await import(process.argv[2]!);
