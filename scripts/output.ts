import { Presets, SingleBar } from 'cli-progress';

/** Ends the process, as standard output failed: quietly if its reader closed it early, as `| head -1` does. */
export function endOn(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  warn(`cannot write standard output: ${error.message}`);
  process.exit(1);
}

/** Prints one JSON object on standard output. */
export function printJson(value: unknown): void {
  printText(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints a warning on standard error. */
export function warn(message: string): void {
  process.stderr.write(`pinwalk: ${message}\n`);
}

export function print(line: string): void {
  printText(`${line}\n`);
}

/** Prints text that ends with a line break. */
export function printText(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', endOn);
  process.stdout.write(text);
}

/** A key that is safe to print on a terminal: control characters become escapes. */
export function printable(key: string): string {
  // eslint-disable-next-line no-control-regex
  return key.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** 1234567 -> "1,234,567". */
export function thousands(value: number): string {
  return value.toLocaleString('en-US');
}

/** Bytes in the largest unit that gives at least 1: 1234567 -> "1.2 MB". */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}

/** The estimated time left of work, from the share that is done: "35 s left", "2 min 5 s left". */
export function timeLeft(secondsSoFar: number, share: number): string {
  if (!(share > 0)) return 'time left unknown';
  const seconds = Math.ceil((secondsSoFar * (1 - share)) / share);
  if (seconds < 60) return `${seconds} s left`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s left`;
  return `${thousands(Math.floor(minutes / 60))} h ${minutes % 60} min left`;
}

/** Pads the cells of rows to aligned columns. */
export function grid(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Progress on standard error: a bar on a terminal, a line every few seconds elsewhere. */
export class Progress {
  static readonly #quietMs = 5_000;
  readonly #bar: SingleBar | undefined;
  #isStarted = false;
  #lastLine = performance.now();

  constructor() {
    if (!process.stderr.isTTY) return;
    const format = '{what} [{bar}] {percentage}% {detail}';
    this.#bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  }

  /** `share` is from 0 to 1, or undefined if unknown. */
  report(what: string, share: number | undefined, detail: string): void {
    if (this.#bar !== undefined) {
      if (!this.#isStarted) this.#bar.start(1, 0, { what, detail });
      this.#isStarted = true;
      this.#bar.update(Math.min(share ?? 0, 1), { what, detail });
    } else if (performance.now() - this.#lastLine > Progress.#quietMs) {
      const percent = share === undefined ? '' : ` ${Math.floor(share * 100)} %`;
      process.stderr.write(`${what}${percent} ${detail}\n`);
      this.#lastLine = performance.now();
    }
  }

  stop(): void {
    if (this.#isStarted) this.#bar?.stop();
    this.#isStarted = false;
  }
}

/** The terminal sends Ctrl-C to all of its processes, and npm forwards it again: two signals within this time are one. */
export const sameSignalMs = 100;

/**
 * Runs work that reports its progress and that Ctrl-C (or SIGTERM) stops cleanly: the first aborts the signal, and the
 * work cleans up; a second, later than {@link sameSignalMs}, ends the process at once.
 */
export async function stoppable<Result>(
  work: (signal: AbortSignal, progress: Progress) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const progress = new Progress();
  const release = (): void => {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  };
  const abort = (): void => {
    if (controller.signal.aborted) return;
    process.stderr.write('\nstopping …\n');
    controller.abort();
    setTimeout(release, sameSignalMs).unref();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  try {
    return await work(controller.signal, progress);
  } finally {
    progress.stop();
    release();
  }
}
