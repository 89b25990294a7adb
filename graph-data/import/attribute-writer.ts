import type { Database } from '../database/index.ts';
import type { Refusal } from './graph-writer.ts';
import type { AttributeRow } from './row.ts';

type Values = Record<string, unknown>;

/**
 * Writes the attributes of users, boards and pins that are in the database: a row sets the columns that it
 * has and leaves the others as they are; JSON attributes are merged name by name.
 *
 * Within one import the first row about a pin counts, and a later one that says otherwise is refused: were it
 * the last, importing the same file again would change things each time.
 */
export class AttributeWriter {
  readonly #database: Database;
  readonly #statements = new Map<
    string,
    { differs: (values: Values) => boolean; update: (values: Values) => void }
  >();
  readonly #selectAttributes;
  /** By id, 1 for what this import has described. */
  readonly #described = { users: new Uint8Array(0), boards: new Uint8Array(0), pins: new Uint8Array(0) };

  constructor(database: Database) {
    this.#database = database;
    const select = (side: AttributeRow['side']) =>
      database.prepare<[number], string | null>(`SELECT attributes FROM ${side} WHERE id = ?`).pluck();
    this.#selectAttributes = { users: select('users'), boards: select('boards'), pins: select('pins') };
  }

  /** Whether the row changed anything; a refusal when an earlier row of this import says otherwise. */
  write(row: AttributeRow, id: number): 'changed' | 'unchanged' | Refusal {
    const values: Values = { ...row.columns };
    if (row.attributes !== undefined) {
      const stored = JSON.parse(this.#selectAttributes[row.side].get(id) ?? '{}') as object;
      values['attributes'] = JSON.stringify({ ...stored, ...row.attributes });
    }
    const isFirst = this.#describe(row.side, id);
    if (Object.keys(values).length === 0) return 'unchanged';
    const { differs, update } = this.#statementsFor(row.side, Object.keys(values));
    values['id'] = id;
    if (!differs(values)) return 'unchanged';
    if (!isFirst) return { refused: `${JSON.stringify(row.key)} has other attributes in a row before` };
    update(values);
    return 'changed';
  }

  #statementsFor(side: AttributeRow['side'], columns: readonly string[]) {
    const shape = `${side}:${columns.join()}`;
    let statements = this.#statements.get(shape);
    if (statements === undefined) {
      const difference = columns.map((column) => `${column} IS NOT @${column}`).join(' OR ');
      const select = this.#database.prepare<[Values]>(
        `SELECT 1 FROM ${side} WHERE id = @id AND (${difference})`,
      );
      const update = this.#database.prepare<[Values]>(
        `UPDATE ${side} SET ${columns.map((column) => `${column} = @${column}`).join(', ')} WHERE id = @id`,
      );
      statements = {
        differs: (values) => select.get(values) !== undefined,
        update: (values) => void update.run(values),
      };
      this.#statements.set(shape, statements);
    }
    return statements;
  }

  /** Notes that the import describes this id; false when it did so before. */
  #describe(side: AttributeRow['side'], id: number): boolean {
    if (id >= this.#described[side].length) {
      const larger = new Uint8Array(Math.max(2 * this.#described[side].length, id + 1, 1_024));
      larger.set(this.#described[side]);
      this.#described[side] = larger;
    }
    const isFirst = this.#described[side][id] === 0;
    this.#described[side][id] = 1;
    return isFirst;
  }
}
