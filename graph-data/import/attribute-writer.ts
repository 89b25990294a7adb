import type { NodeKind } from '../../engine/index.ts';
import { type Database, byKind } from '../database/index.ts';
import type { Refusal } from './refusal.ts';
import type { AttributeRow } from './row.ts';

type Values = Record<string, unknown>;

interface Statements {
  readonly differs: (values: Values) => boolean;
  readonly update: (values: Values) => void;
}

const columnNames = ['title', 'text', 'url', 'imageUrl', 'createdAt', 'attributes'];

/**
 * Writes attributes of existing nodes. A row sets the columns that it contains and leaves the others unchanged; JSON
 * attributes are merged by name.
 *
 * Within one import, the first row that sets a column of a node wins, and a later row with a different value is refused.
 * If the last row won, importing the same file again would change values each time.
 */
export class AttributeWriter {
  readonly #database: Database;
  readonly #statements = new Map<string, Statements>();
  readonly #selectAttributes;
  /** By node: one bit for each column set by this import. */
  readonly #set = byKind(() => new Uint8Array(0));

  constructor(database: Database) {
    this.#database = database;
    this.#selectAttributes = byKind((kind) =>
      database.prepare<[number], string | null>(`SELECT attributes FROM ${kind} WHERE id = ?`).pluck(),
    );
  }

  /** Writes a row, unless it contradicts an earlier row of this import. */
  write(row: AttributeRow, id: number): 'changed' | 'unchanged' | Refusal {
    const values: Values = { ...row.columns };
    if (row.attributes !== undefined) {
      const stored = JSON.parse(this.#selectAttributes[row.kind].get(id) ?? '{}') as object;
      values['attributes'] = JSON.stringify({ ...stored, ...row.attributes });
    }
    const columns = Object.keys(values);
    if (columns.length === 0) return 'unchanged';
    const set = this.#columnsSet(row.kind, id);
    const repeated = columns.filter((column) => (set & bitOf(column)) !== 0);
    values['id'] = id;
    if (repeated.length > 0 && this.#statementsFor(row.kind, repeated).differs(values)) {
      const columnList = repeated.join(' or ');
      return { refused: `an earlier row has another ${columnList} for ${JSON.stringify(row.key)}` };
    }
    this.#set[row.kind][id] = columns.reduce((bits, column) => bits | bitOf(column), set);
    const { differs, update } = this.#statementsFor(row.kind, columns);
    if (!differs(values)) return 'unchanged';
    update(values);
    return 'changed';
  }

  #statementsFor(kind: NodeKind, columns: readonly string[]): Statements {
    const shape = `${kind}:${columns.join()}`;
    let statements = this.#statements.get(shape);
    if (statements === undefined) {
      const difference = columns.map((column) => `${column} IS NOT @${column}`).join(' OR ');
      const assignments = columns.map((column) => `${column} = @${column}`).join(', ');
      const select = this.#database.prepare<[Values]>(
        `SELECT 1 FROM ${kind} WHERE id = @id AND (${difference})`,
      );
      const update = this.#database.prepare<[Values]>(`UPDATE ${kind} SET ${assignments} WHERE id = @id`);
      statements = {
        differs: (values) => select.get(values) !== undefined,
        update: (values) => void update.run(values),
      };
      this.#statements.set(shape, statements);
    }
    return statements;
  }

  #columnsSet(kind: NodeKind, id: number): number {
    if (id >= this.#set[kind].length) {
      const larger = new Uint8Array(Math.max(2 * this.#set[kind].length, id + 1, 1_024));
      larger.set(this.#set[kind]);
      this.#set[kind] = larger;
    }
    return this.#set[kind][id]!;
  }
}

function bitOf(column: string): number {
  return 1 << columnNames.indexOf(column);
}
