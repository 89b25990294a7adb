/** The reader's action at one place of the README. */
type Step =
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'run'; readonly command: string; readonly shown: readonly string[] };

const block = /^```(\w*)\n([\s\S]*?)^```$/gm;
/** Blocks that only show something. */
const shownOnly = new Set(['', 'json', 'ts']);

/**
 * The steps of a page, in its order: a `csv` block after `` `NAME`: `` is a file to write; each line of an `sh` block is a
 * command, whose `#` begins a comment; a `console` block has commands after `$ `, each with the lines that it prints. Throws
 * for a block of another language, so that none is passed over.
 */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(block)].flatMap(({ 1: language = '', 2: text = '', index }): Step[] => {
    if (language === 'csv') {
      const file = /`([^`]+)`:\s*$/.exec(page.slice(0, index))?.[1];
      if (file === undefined) throw new Error(`a csv block has no name before it: ${text}`);
      return [{ kind: 'write', file, text }];
    }
    if (language === 'sh') return commandsOf(text).map((command) => ({ kind: 'run', command, shown: [] }));
    if (language === 'console') {
      return text
        .split(/^\$ /m)
        .slice(1)
        .map((session) => {
          const [command = '', ...shown] = session.trimEnd().split('\n');
          return { kind: 'run', command, shown };
        });
    }
    if (shownOnly.has(language)) return [];
    throw new Error(`a reader cannot run a block of ${language}`);
  });
}

/** A line each, but for what a quote or a backslash continues. */
function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.trimEnd().split('\n')) {
    open += open === '' ? line : `\n${line}`;
    const isContinued = line.endsWith('\\') || (open.split("'").length - 1) % 2 === 1;
    if (isContinued) continue;
    const command = open.replace(/\s+#[^'"\n]*$/, '');
    if (command.trim() !== '') commands.push(command);
    open = '';
  }
  return commands;
}
