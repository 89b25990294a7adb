import type { Line } from './read-lines.ts';

/** The lines of a text file from its header or first row on. */
interface Body {
  readonly lines: readonly Line[];
  /** As Excel's first line `sep=;` says it, or by the format. */
  readonly delimiter?: string;
  /** Comments that were skipped. */
  readonly comments: number;
}

/**
 * Skips what stands before the header or first row: `skip` lines, Excel's `sep=`, comments that begin with # (SNAP) or %
 * (KONECT), and the line of sizes of a Matrix Market file. Where all `lines` begin so, they are rows.
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
