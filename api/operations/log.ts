import { type DestinationStream, type Level, type Logger, pino } from 'pino';

/** JSON lines without secrets and without what clients have sent. */
export function createLog(level: Level | 'silent', destination: DestinationStream): Logger {
  return pino(
    {
      level,
      // The code here logs none of these: this is for code to come.
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
 * Kind, code and place of an error. Its message and its own fields can hold what the client sent, such as a user's
 * key or a piece of the body.
 */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, code, message, stack = '' } = error as NodeJS.ErrnoException;
  const places = stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^ {4}at .+:\d+:\d+\)?$/.test(line));
  return { type: name, ...(typeof code === 'string' && { code }), stack: places.join('\n') };
}
