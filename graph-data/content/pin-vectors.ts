import { type Vectors, int8Room, vectorsOf } from '../../engine/vectors/index.ts';
import type { Database } from '../database/index.ts';

/** The vectors of one name: vector v belongs to pin `pins[v]`. */
export interface PinVectors {
  readonly name: string;
  readonly model: string;
  /** Ascending. */
  readonly pins: Int32Array;
  readonly vectors: Vectors;
}

type NameRow = { id: number; name: string; model: string; dims: number };

/** Reads all vectors into shared memory, name by name: 1 byte a dimension, and 12 a vector. O(bytes). */
export function readVectors(database: Database): PinVectors[] {
  const names = database.prepare<[], NameRow>('SELECT id, name, model, dims FROM vector_names ORDER BY name');
  return names.all().flatMap((name) => readNamed(database, name) ?? []);
}

function readNamed(database: Database, { id, name, model, dims }: NameRow): PinVectors | undefined {
  const count = database
    .prepare<[number], number>('SELECT count(*) FROM vectors WHERE name = ?')
    .pluck()
    .get(id)!;
  if (count === 0) return undefined;
  const pins = new Int32Array(count);
  const { values, memory } = int8Room(count * dims);
  const rows = database
    .prepare<[number], [number, Buffer]>('SELECT pin, vector FROM vectors WHERE name = ? ORDER BY pin')
    .raw();
  let next = 0;
  for (const [pin, vector] of rows.iterate(id)) {
    pins[next] = pin;
    values.set(new Int8Array(vector.buffer, vector.byteOffset, dims), next++ * dims);
  }
  return { name, model, pins, vectors: vectorsOf(values, dims, memory) };
}

/** Reads the vectors of single pins, by name. */
export function pinVectorReader(database: Database): (pin: number) => ReadonlyMap<string, Int8Array> {
  const statement = database
    .prepare<[number], [string, Buffer]>(
      'SELECT vector_names.name, vector FROM vector_names JOIN vectors ON vectors.name = id WHERE pin = ?',
    )
    .raw();
  return (pin) =>
    new Map(
      statement.all(pin).map(([name, vector]) => [
        name,
        // A copy: SQLite may reuse the memory.
        Int8Array.from(new Int8Array(vector.buffer, vector.byteOffset, vector.length)),
      ]),
    );
}
