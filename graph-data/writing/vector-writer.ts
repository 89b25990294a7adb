import { quantized } from '../../engine/vectors/index.ts';
import type { Database } from '../database/index.ts';
import type { PinVector } from './changes.ts';

/** What made the vectors of a name. */
export interface VectorModel {
  readonly model: string;
  readonly dims: number;
}

/** Stores vectors of pins, as int8. A name has the model and the dimensions of its first vector. */
export class VectorWriter {
  readonly #selectModel;
  readonly #insertName;
  readonly #put;
  readonly #delete;

  constructor(database: Database) {
    this.#selectModel = database.prepare<[string], VectorModel & { id: number }>(
      'SELECT id, model, dims FROM vector_names WHERE name = ?',
    );
    this.#insertName = database.prepare<[string, string, number]>(
      'INSERT INTO vector_names (name, model, dims) VALUES (?, ?, ?)',
    );
    this.#put = database.prepare<[number, number, Uint8Array]>(
      'INSERT OR REPLACE INTO vectors (name, pin, vector) VALUES (?, ?, ?)',
    );
    this.#delete = database.prepare<[number, number]>('DELETE FROM vectors WHERE name = ? AND pin = ?');
  }

  modelOf(name: string): VectorModel | undefined {
    return this.#selectModel.get(name);
  }

  /** Sets the vector of a pin, or removes it. The model must be the one of the name: {@link modelFault}. */
  put(pin: number, name: string, vector: PinVector | null): void {
    const known = this.#selectModel.get(name)?.id;
    if (vector === null) {
      if (known !== undefined) this.#delete.run(known, pin);
      return;
    }
    const id =
      known ?? Number(this.#insertName.run(name, vector.model, vector.values.length).lastInsertRowid);
    this.#put.run(id, pin, new Uint8Array(quantized(vector.values).buffer));
  }
}

/** Why a vector of this model cannot be stored under a name, if so. */
export function modelFault(
  name: string,
  { model, dims }: VectorModel,
  known: VectorModel | undefined,
): string | undefined {
  if (known === undefined) return undefined;
  if (known.model !== model) {
    return `vectors ${JSON.stringify(name)} are of model ${JSON.stringify(known.model)}, not ${JSON.stringify(model)}: choose another name`;
  }
  if (known.dims === dims) return undefined;
  return `vectors ${JSON.stringify(name)} have ${known.dims} dimensions, not ${dims}`;
}
