/** The code of a low-priority thread: it loads the module given as an argument, and runs it. */
import { getPriority, setPriority } from 'node:os';

/**
 * The niceness of walking threads (`walk-pool.ts`): in a process that is already as nice, threads need not be
 * nicer.
 */
const niceOfWalks = 10;

// Only Linux has priorities of threads.
if (process.platform === 'linux' && getPriority() < niceOfWalks) setPriority(19);
const { findOwnModules } = await import('../../../graph-data/base/index.ts');
findOwnModules();
await import(process.argv[2]!);
