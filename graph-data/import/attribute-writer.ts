import type { Database } from '../database/index.ts';
import type { Refusal } from './graph-writer.ts';
import type { AttributeRow } from './row.ts';

type Values = Record<string, unknown>;

/**
 * Writes the attributes of users, boards and pins that are in the database: a row sets the columns that it
 * has and leaves the others as they are; JSON attributes are merged name by name.
 *
 * Within one import, what the first row says of a pin's column counts, and a later row that says otherwise is
 * refused: were it the last, importing the same file again would change things each time.
 */
export class AttributeWriter {
  readonly #database: Database;
  readonly #statements = new Map<
    string,
    { differs: (values: Values) => boolean; update: (values: Values) => void }
  >();
  readonly #selectAttributes;
  /** By id, one bit for each column that this import has told of. */
  readonly #told = { users: new Uint8Array(0), boards: new Uint8Array(0), pins: new Uint8Array(0) };

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
    const columns = Object.keys(values);
    if (columns.length === 0) return 'unchanged';
    const told = this.#toldOf(row.side, id);
    const repeated = columns.filter((column) => (told & bitOf(column)) !== 0);
    values['id'] = id;
    if (repeated.length > 0 && this.#statementsFor(row.side, repeated).differs(values)) {
      return { refused: `${JSON.stringify(row.key)} has another ${repeated.join(' or ')} in a row before` };
    }
    this.#told[row.side][id] = columns.reduce((bits, column) => bits | bitOf(column), told);
    const { differs, update } = this.#statementsFor(row.side, columns);
    if (!differs(values)) return 'unchanged';
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

  #toldOf(side: AttributeRow['side'], id: number): number {
    if (id >= this.#told[side].length) {
      const larger = new Uint8Array(Math.max(2 * this.#told[side].length, id + 1, 1_024));
      larger.set(this.#told[side]);
      this.#told[side] = larger;
    }
    return this.#told[side][id]!;
  }
}

const columnsOfAllSides = ['title', 'text', 'url', 'imageUrl', 'createdAt', 'attributes'];

function bitOf(column: string): number {
  return 1 << columnsOfAllSides.indexOf(column);
}
