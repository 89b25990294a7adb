import { isMainThread } from 'node:worker_threads';

/** How long the event loop was held at a time, at most, in milliseconds. */
export interface Hold {
  /** By the clock: includes what other processes and threads took from it. */
  readonly clock: number;
  /** Processor time of the main thread itself. */
  readonly own: number;
}

/**
 * Imported by a server before everything else: measures how long its event loop is held, and answers each message of its
 * parent process with the longest time since the last one.
 */
if (isMainThread && process.send !== undefined) {
  let longest: Hold = { clock: 0, own: 0 };
  let last = now();
  const look = (): void => {
    const next = now();
    longest = {
      clock: Math.max(longest.clock, next.clock - last.clock),
      own: Math.max(longest.own, next.own - last.own),
    };
    last = next;
  };
  setInterval(look, 1).unref();
  process.on('message', () => {
    look();
    process.send!(longest);
    longest = { clock: 0, own: 0 };
    last = now();
  });
  // Otherwise the server would never exit.
  process.channel?.unref();
}

function now(): Hold {
  const { user, system } = process.threadCpuUsage();
  return { clock: performance.now(), own: (user + system) / 1000 };
}
