import { constants } from 'node:os';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { print } from '../../output.ts';

interface StopOptions {
  /** Called before the process ends. */
  readonly stop: () => Promise<void>;
  readonly secondsMax: number;
  /** What is cut when the time is over, for the log. */
  readonly unfinished: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

/**
 * The terminal sends Ctrl-C to all of its processes, and npm forwards it again: two signals within this time count as
 * one.
 */
const sameSignalMs = 100;

/**
 * From now on, SIGTERM, SIGINT and SIGHUP stop the process with exit code 0; an uncaught error or a stop that takes too
 * long, with 1. A second signal ends it at once, with 128 plus the number of the signal.
 */
export function stopGracefully({ stop, secondsMax, unfinished, log }: StopOptions): void {
  const { close } = closeWithGrace(
    {
      delay: secondsMax * 1000,
      logger: false,
      // Stop signals are handled below; a handler for the signal of a crash would keep a broken process alive.
      skip: [
        'SIGHUP',
        'SIGINT',
        'SIGQUIT',
        'SIGILL',
        'SIGTRAP',
        'SIGABRT',
        'SIGBUS',
        'SIGFPE',
        'SIGSEGV',
        'SIGUSR2',
        'SIGTERM',
        'beforeExit',
      ],
      onTimeout: () => log.error(unfinished(), `not finished within ${secondsMax} s: cutting the rest`),
      onSecondError: (err) => log.fatal({ err }, 'second uncaught error'),
    },
    async ({ err }) => {
      if (err !== undefined) log.fatal({ err }, 'uncaught error: stopping');
      try {
        await stop();
      } catch (error) {
        log.error({ err: error }, 'stopping failed');
        throw error;
      }
    },
  );
  let firstAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      print(`pinwalk got ${signal}: finishing the requests in flight, then stopping`);
      close();
    } else if (performance.now() - firstAt > sameSignalMs) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal);
}
