import { constants } from 'node:os';
import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { print } from '../../output.ts';

interface Stopping {
  /** What has to be done before the end. */
  readonly stop: () => Promise<void>;
  readonly secondsMax: number;
  /** What is cut when the seconds are over, for the log. */
  readonly leftOver: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

/**
 * npm sends on the Ctrl-C that the terminal has sent to all of its processes, and where `sh` is bash it reaches this
 * one: within this time, both are one.
 */
const sameSignalMs = 100;

/**
 * From now on SIGTERM, SIGINT and SIGHUP stop the process with code 0, an error that nobody caught with code 1, and a
 * stop that takes too long with code 1. A second signal ends it at once, with 128 and the signal's number.
 */
export function stopGracefully({ stop, secondsMax, leftOver, log }: Stopping): void {
  const { close } = closeWithGrace(
    {
      delay: secondsMax * 1000,
      logger: false,
      // Signals are below; handlers of those that a crash raises would keep a broken process alive.
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
      onTimeout: () => log.error(leftOver(), `not done within ${secondsMax} s: cut`),
      onSecondError: (err) => log.fatal({ err }, 'a second uncaught error'),
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
      print(`pinwalk got ${signal}: answering what is in flight, then stopping`);
      close();
    } else if (performance.now() - firstAt > sameSignalMs) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal).on('SIGHUP', onSignal);
}
