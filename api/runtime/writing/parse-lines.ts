import { linesIn } from '../../../graph-data/import/index.ts';
import type { SaveChange, UnsaveChange, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';
import { valueOfLine } from '../../base/index.ts';
import { type SaveInput, isPlainSave, saveSchema } from '../../contract/writes/index.ts';
import { saveOf, unsaveOf } from './changes-of.ts';
import type { LinesOutcome, LinesRequest } from './messages.ts';

interface ParsedLines {
  /** The changes of the valid lines. */
  readonly request: WriteRequest;
  readonly outcomeOf: (outcome: WriteOutcome) => LinesOutcome;
}

/** Parses and checks lines of a stream: an invalid one does not affect the others. */
export function parseLines({ block, kind, time }: LinesRequest): ParsedLines {
  const changes: (SaveChange | UnsaveChange)[] = [];
  /** Of each change. */
  const lines: number[] = [];
  const invalid: { line: number; detail: string }[] = [];
  for (const line of linesIn(block)) {
    const save = valueOfLine<SaveInput>(saveSchema, line, isPlainSave);
    if (typeof save === 'string') invalid.push({ line: line.line, detail: save });
    else {
      changes.push(kind === 'save' ? saveOf(save) : unsaveOf(save));
      lines.push(line.line);
    }
  }
  const outcomeOf = (outcome: WriteOutcome): LinesOutcome => {
    if (outcome.state !== 'done') throw new Error(`a batch that is not whole was ${outcome.state}`);
    const refused = outcome.refused.map(({ index, reason }) => ({ line: lines[index]!, detail: reason }));
    const done = changes.length - refused.length;
    let made = 0;
    for (const result of outcome.results) if (result === 'added' || result === 'removed') made++;
    return { made, unmade: done - made, rejects: [...invalid, ...refused] };
  };
  return { request: { changes, time, isWhole: false }, outcomeOf };
}
