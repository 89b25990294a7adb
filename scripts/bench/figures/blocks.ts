/** A block of a document that a command fills. */
interface Block {
  /** What `npm run figures -- NAME` runs. */
  readonly name: string;
  /** The npm script with its arguments, as it stands in the document: `bench:writes`, `bench:api -- --seconds 10`. */
  readonly script: string;
  /** Where its content begins and ends in the document. */
  readonly start: number;
  readonly end: number;
}

const endMark = '<!-- end -->';

/** All blocks between `<!-- figures NAME: SCRIPT -->` and `<!-- end -->`. Throws if one has no end. */
export function blocksOf(document: string): Block[] {
  return [...document.matchAll(/^<!-- figures ([\w-]+): (.+) -->\n/gm)].map((found) => {
    const [mark, name, script] = found;
    const start = found.index + mark.length;
    const end = document.indexOf(endMark, start);
    const next = document.indexOf('<!-- figures ', start);
    if (end === -1 || (next !== -1 && next < end)) throw new Error(`the block ${name} has no ${endMark}`);
    return { name: name!, script: script!, start, end };
  });
}

/** The document with other content in a block. */
export function fillBlock(document: string, { start, end }: Block, content: string): string {
  return `${document.slice(0, start)}\n${content.trim()}\n\n${document.slice(end)}`;
}
