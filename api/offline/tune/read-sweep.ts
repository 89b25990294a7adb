import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Document, LineCounter, isMap, isNode, isScalar, isSeq, parseDocument } from 'yaml';
import { DataError, messageOf, readPresets } from '../../../graph-data/index.ts';
import type { PlacedFault } from './read-space.ts';
import { type PresetsOf, type SweepDefinition, checkSweep } from './sweep-definition.ts';

interface FaultAt {
  /** Of the text, from 0. */
  readonly offset: number;
  readonly message: string;
}

/**
 * Reads a sweep file: YAML, as docs/sweep.md says. Throws `sweep-unusable` with every fault of the file at once, each on a
 * line of its own with its line and column. Paths in it are from its own folder.
 * Presets are those of the data folder that it reads from, else of `dataFolder`.
 */
export function readSweep(file: string, dataFolder?: string): SweepDefinition {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DataError('sweep-unusable', `cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
  const lines = new LineCounter();
  const { question, faults } = parseSweep(text, path.dirname(file), lines, (named) => {
    const root = named ?? dataFolder;
    return root === undefined ? new Map() : readPresets({ root });
  });
  if (question !== undefined) return question;
  const told = faults
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${line}:${col}: ${message}`;
    });
  const count = told.length === 1 ? 'a fault' : `${told.length} faults`;
  throw new DataError('sweep-unusable', [`${file} has ${count}; nothing was run`, ...told].join('\n'));
}

/** A fault that was found by reading the data that the file names: its message, with the line of the way to split. */
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
): { question?: SweepDefinition | undefined; faults: FaultAt[] } {
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map(({ pos, code, message }) => {
    return { offset: pos[0], message: code === 'DUPLICATE_KEY' ? 'this key is there twice' : message, code };
  });
  // Where the text itself is broken, what can be read of it says little.
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
  return all.length > 0 ? { faults: all } : { question: checked.question, faults: [] };
}

/** Where a fault is in the text: at its value, its key, or the nearest node around it. */
function offsetOf(document: Document, { path: steps, isKey = false }: PlacedFault): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const [i, step] of steps.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      const isLast = i === steps.length - 1;
      const key = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      const value = isNode(pair.value) ? pair.value.range?.[0] : undefined;
      // A fault of a whole block is placed at its name, not at its first line.
      const isBlock = isMap(pair.value) || isSeq(pair.value);
      offset = (isLast && !isKey && !isBlock ? value : key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else break;
  }
  return offset;
}

/** `space.0.params.steps: ` as people write it: `space[1].params.steps: `. */
function pathText(steps: readonly PropertyKey[]): string {
  const text = steps
    .map((step) => (typeof step === 'number' ? `[${step + 1}]` : `.${String(step)}`))
    .join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
