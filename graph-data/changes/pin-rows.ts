import type { Database } from '../database/index.ts';
import { jsonOf, timeOf } from './column-values.ts';
import type { PinLine } from './change-line.ts';

/** Writes the rows of pins, with their vectors, as changes have them. */
export class PinRows {
  readonly #put;
  readonly #delete;
  readonly #deleteSaves;
  readonly #selectName;
  readonly #insertName;
  readonly #putVector;
  readonly #deleteVectors;

  constructor(database: Database) {
    // Never INSERT OR REPLACE: it would bypass the triggers that maintain the text index.
    this.#put = database.prepare(
      `INSERT INTO pins (id, key, title, text, url, imageUrl, createdAt, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text, url = excluded.url,
         imageUrl = excluded.imageUrl, createdAt = excluded.createdAt, attributes = excluded.attributes`,
    );
    this.#delete = database.prepare<[number]>('DELETE FROM pins WHERE id = ?');
    this.#deleteSaves = database.prepare<[number]>('DELETE FROM saves WHERE pin = ?');
    this.#selectName = database
      .prepare<[string], number>('SELECT id FROM vector_names WHERE name = ?')
      .pluck();
    this.#insertName = database.prepare<[string, string, number]>(
      'INSERT INTO vector_names (name, model, dims) VALUES (?, ?, ?)',
    );
    this.#putVector = database.prepare<[number, number, Buffer]>(
      'INSERT OR REPLACE INTO vectors (name, pin, vector) VALUES (?, ?, ?)',
    );
    this.#deleteVectors = database.prepare<[number]>(
      'DELETE FROM vectors WHERE pin = ? AND name IN (SELECT id FROM vector_names)',
    );
  }

  put(id: number, key: string, line: PinLine): void {
    const { title, text, url, imageUrl, createdAt, attributes, vectors = {}, isNew } = line;
    const columns = [title, text, url, imageUrl].map((value) => value ?? null);
    this.#put.run(id, key, ...columns, timeOf(createdAt), jsonOf(attributes));
    if (!isNew) this.#deleteVectors.run(id);
    for (const [name, { model, int8 }] of Object.entries(vectors)) {
      const vector = Buffer.from(int8, 'base64');
      const known =
        this.#selectName.get(name) ??
        Number(this.#insertName.run(name, model, vector.length).lastInsertRowid);
      this.#putVector.run(known, id, vector);
    }
  }

  delete(id: number): void {
    this.#deleteSaves.run(id);
    this.#delete.run(id);
  }
}
