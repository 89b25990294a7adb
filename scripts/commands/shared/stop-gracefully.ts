import { constants } from 'node:os';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { print, sameSignalMs } from '../../output.ts';

interface StopOptions {
  /** Called once before the process ends. */
  readonly stop: () => Promise<void>;
  readonly secondsMax: number;
  /** Unfinished work at the deadline, for the log. */
  readonly unfinished: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

/**
 * Makes SIGTERM, SIGINT and SIGHUP stop the process with exit code 0. After an uncaught error, or a stop that exceeds
 * its deadline, the exit code is 1. A second signal ends the process at once, with 128 plus its number.
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
      print(`pinwalk received ${signal}: finishing requests in flight, then stopping`);
      close();
    } else if (performance.now() - firstAt > sameSignalMs) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal);
}
