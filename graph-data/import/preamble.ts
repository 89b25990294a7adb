import type { Line } from './read-lines.ts';

/** The lines of a text file from its header or first row on. */
interface Body {
  readonly lines: readonly Line[];
  /** The delimiter of Excel's first line `sep=;`, otherwise that of the format. */
  readonly delimiter?: string;
  /** Number of skipped comments. */
  readonly comments: number;
}

/**
 * Skips what precedes the header or first row: `skip` lines, Excel's `sep=`, comments that start with # (SNAP) or %
 * (KONECT), and the size line of a Matrix Market file. If all `lines` look like comments, they are rows.
 */
export function skipPreamble(lines: readonly Line[], skip = 0): Body {
  const body = lines.filter(({ line }) => line > skip);
  const first = body[0]?.text ?? '';
  const separator = /^sep=(.)$/i.exec(first)?.[1];
  if (separator !== undefined) return { lines: body.slice(1), delimiter: separator, comments: 0 };
  if (!/^[#%]/.test(first)) return { lines: body, comments: 0 };
  const comments = body.findIndex(({ text }) => text[0] !== first[0]);
  if (comments < 0) return { lines: body, comments: 0 };
  return /^%%MatrixMarket /i.test(first)
    ? { lines: body.slice(comments + 1), delimiter: 'space', comments }
    : { lines: body.slice(comments), comments };
}
