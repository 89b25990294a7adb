import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { DataError, messageOf, readPresets } from '../../../graph-data/index.ts';
import type { PlacedFault } from './read-space.ts';
import { type PresetsOf, type SweepDefinition, checkSweep } from './sweep-definition.ts';

interface FaultAt {
  /** Offset in the text, from 0. */
  readonly offset: number;
  readonly message: string;
}

/**
 * Reads a sweep file (YAML, docs/sweep.md). Paths in it are relative to its folder; presets are those of its data folder,
 * or else of `dataFolder`. Throws `sweep-unusable` with all faults of the file, one per line with line and column.
 */
export function readSweep(file: string, dataFolder?: string): SweepDefinition {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DataError('sweep-unusable', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
  const lines = new LineCounter();
  const { sweep, faults } = parseSweep(text, path.dirname(file), lines, (named) => {
    const root = named ?? dataFolder;
    return root === undefined ? new Map() : readPresets({ root });
  });
  if (sweep !== undefined) return sweep;
  const messages = faults
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}: ${message}`;
    });
  const count = messages.length === 1 ? '1 fault' : `${messages.length} faults`;
  throw new DataError('sweep-unusable', [`${file} has ${count}; nothing was run`, ...messages].join('\n'));
}

/** An error for a fault in the saves that the file names, with the line of the part that reads them. */
export function faultOfSaves(file: string, part: 'saves' | 'validation', message: string): DataError {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const { line, col } = lines.linePos(offsetOf(document, { path: [part], isKey: true, message }));
  return new DataError('sweep-unusable', `${file}:${line}:${col}: ${part}: ${message}`);
}

function parseSweep(
  text: string,
  folder: string,
  lineCounter: LineCounter,
  presetsOf: PresetsOf,
): { sweep?: SweepDefinition | undefined; faults: FaultAt[] } {
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map(({ pos, code, message }) => {
    return { offset: pos[0], message: code === 'DUPLICATE_KEY' ? 'duplicate key' : message, code };
  });
  // After a syntax error, the parsed value is unreliable.
  if (faults.some(({ code }) => code !== 'DUPLICATE_KEY')) return { faults };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    return { faults: [{ offset: 0, message: messageOf(error) }] };
  }
  const checked = checkSweep(value, folder, presetsOf);
  const all: FaultAt[] = [
    ...faults,
    ...checked.faults.map((fault) => ({
      offset: offsetOf(document, fault),
      message: `${pathText(fault.path)}${fault.message}`,
    })),
  ];
  return all.length > 0 ? { faults: all } : { sweep: checked.sweep, faults: [] };
}

/** The position of a fault: its value, its key, or the nearest enclosing node. */
function offsetOf(document: Document, { path: keys, isKey = false }: PlacedFault): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [i, key] of keys.entries()) {
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key));
      if (pair === undefined) break;
      const isLast = i === keys.length - 1;
      const name = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      const value = isNode(pair.value) ? pair.value.range?.[0] : undefined;
      // The fault of a whole block is at its name, not at its first line.
      const isBlock = isMap(pair.value) || isSeq(pair.value);
      offset = (isLast && !isKey && !isBlock ? value : name) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else break;
  }
  return offset;
}

/** `space.0.params.steps`, as in JSON: `space[0].params.steps: `. */
function pathText(keys: readonly PropertyKey[]): string {
  const text = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
