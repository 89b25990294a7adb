import type { PinTopics } from '../../engine/index.ts';
import type { Database } from '../database/index.ts';
import { DataError } from '../errors.ts';

/** Maximum length of a topic vector; the vectors of all pins must fit into memory. */
const dimensionsMax = 1024;

/**
 * Topic vectors of all pins, from their attribute `topics`: an array of numbers, or its JSON text, as in CSV. Returns
 * undefined unless more than half of the pins have one; the others get zeros. O(pins · dimensions). Throws
 * `topics-unusable` for an invalid array, or one whose length differs from the first.
 */
export function readTopicVectors(database: Database, pinCount: number): PinTopics | undefined {
  // json_extract returns an array as its JSON text, and a string unchanged.
  const topics = `json_extract(attributes, '$.topics')`;
  const withTopics = database.prepare<[], number>(`SELECT count(${topics}) FROM pins`).pluck().get() ?? 0;
  if (2 * withTopics <= pinCount) return undefined;
  const rows = database
    .prepare<[], [number, string, unknown]>(`SELECT id, key, ${topics} FROM pins WHERE ${topics} IS NOT NULL`)
    .raw()
    .iterate();
  let [dimensions, values] = [0, new Float32Array(0)];
  for (const [pin, key, json] of rows) {
    const vector = vectorFrom(json);
    if (vector === undefined) {
      throw new DataError(
        'topics-unusable',
        `the topics of pin ${JSON.stringify(key)} are not an array of 1 to ${dimensionsMax} non-negative numbers`,
      );
    }
    if (dimensions === 0) {
      dimensions = vector.length;
      values = new Float32Array(pinCount * dimensions);
    }
    if (vector.length !== dimensions) {
      throw new DataError(
        'topics-unusable',
        `pin ${JSON.stringify(key)} has ${vector.length} topics, but earlier pins have ${dimensions}`,
      );
    }
    values.set(vector, pin * dimensions);
  }
  return { kind: 'vectors', dimensions, values };
}

function vectorFrom(json: unknown): number[] | undefined {
  let value: unknown;
  try {
    value = typeof json === 'string' ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > dimensionsMax) return undefined;
  return value.every(isTopic) ? (value as number[]) : undefined;
}

/** The upper bound keeps the value finite as a 32-bit float. */
function isTopic(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < 1e30;
}
