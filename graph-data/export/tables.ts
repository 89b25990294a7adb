import type { TableColumn } from '../table-files/index.ts';

/** The tables of an export, in the order in which an import assigns the same ids again. */
export const exportTables = ['users', 'boards', 'pins', 'saves'] as const;
type ExportTable = (typeof exportTables)[number];
/** Tables that are exported only by their name. */
export const exportChoices = [...exportTables, 'interactions'] as const;
export type ExportChoice = (typeof exportChoices)[number];

/** As in requests: an import reads them back. */
export const interactionColumns = [
  { name: 'id', kind: 'text' },
  { name: 'kind', kind: 'text' },
  { name: 'user', kind: 'text' },
  { name: 'pin', kind: 'text' },
  { name: 'at', kind: 'time' },
  { name: 'recommendationId', kind: 'text' },
  { name: 'surface', kind: 'text' },
  { name: 'pipeline', kind: 'text' },
  { name: 'arm', kind: 'text' },
  { name: 'rank', kind: 'integer' },
  { name: 'score', kind: 'number' },
  { name: 'propensity', kind: 'number' },
  { name: 'value', kind: 'number' },
  { name: 'query', kind: 'text' },
] as const satisfies readonly TableColumn[];

interface TableSpec {
  readonly columns: readonly TableColumn[];
  /** Selects the values of the columns. */
  readonly sql: string;
}

const key = (name: string): TableColumn => ({ name, kind: 'text' });
const text = key;
const time = (name: string): TableColumn => ({ name, kind: 'time' });
/** A JSON object in one column: of any type, and without a name that an import would take for another column. */
const attributes: TableColumn = { name: 'attributes', kind: 'json' };

/** Columns have the names that an import knows. */
export const tableSpecs: Readonly<Record<ExportTable, TableSpec>> = {
  users: {
    columns: [key('user'), attributes],
    sql: 'SELECT key, attributes FROM users ORDER BY id',
  },
  boards: {
    columns: [key('board'), key('owner'), text('title'), attributes],
    sql: `SELECT boards.key, users.key, title, boards.attributes
      FROM boards CROSS JOIN users ON users.id = owner ORDER BY boards.id`,
  },
  pins: {
    columns: [
      key('pin'),
      text('title'),
      text('text'),
      text('url'),
      text('imageUrl'),
      time('createdAt'),
      attributes,
    ],
    sql: 'SELECT key, title, text, url, imageUrl, createdAt, attributes FROM pins ORDER BY id',
  },
  saves: {
    columns: [key('user'), key('board'), key('pin'), time('savedAt'), { name: 'weight', kind: 'number' }],
    // CROSS JOIN keeps the order of the tables: saves are read as they are stored.
    sql: `SELECT users.key, boards.key, pins.key, savedAt, weight FROM saves
      CROSS JOIN boards ON boards.id = board CROSS JOIN users ON users.id = owner CROSS JOIN pins ON pins.id = pin
      ORDER BY board, pin`,
  },
};
