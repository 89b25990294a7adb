import { type DestinationStream, type Level, type Logger, pino } from 'pino';

/** A log of JSON lines that contain neither secrets nor data of clients. */
export function createLog(level: Level | 'silent', destination: DestinationStream): Logger {
  return pino(
    {
      level,
      // No code logs these today: this protects against later mistakes.
      redact: ['authorization', 'cookie', 'url', 'query'].flatMap((name) => [
        name,
        `*.${name}`,
        `*.*.${name}`,
      ]),
      serializers: { err: describeError },
      hooks: { streamWrite: (line) => line.replaceAll(/pw_([0-9a-f]{12})_[\w-]{43}/g, 'pw_$1_…') },
    },
    destination,
  );
}

/**
 * Type, code and stack of an error. Its message and its other fields may contain data of clients, such as the key of a
 * user or a part of a body.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, code, message, stack = '' } = error as NodeJS.ErrnoException;
  const frames = stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
  return { type: name, ...(typeof code === 'string' && { code }), stack: frames.join('\n') };
}
