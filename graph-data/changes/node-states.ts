import { isoTime } from './column-values.ts';
import type { ChangeKind, Database, KeyRow } from '../database/index.ts';

/** The fields of a change beside its position. */
export type Fields = Readonly<Record<string, unknown>> & { readonly kind: string };

type Attributes = { readonly attributes: string | null };
type UserRow = Attributes & { readonly key: string; readonly hiddenInterests: string | null };
type BoardRow = Attributes & {
  readonly key: string;
  readonly title: string | null;
  readonly owner: number;
  readonly ownerKey: string;
};
type PinRow = Attributes & {
  readonly key: string;
  readonly title: string | null;
  readonly text: string | null;
  readonly url: string | null;
  readonly imageUrl: string | null;
  readonly createdAt: number | null;
};
interface VectorRow {
  readonly name: string;
  readonly model: string;
  readonly vector: Buffer;
}

/** The stored state of nodes and API keys, as fields of changes. */
export class NodeStates {
  readonly #selectUser;
  readonly #selectBoard;
  readonly #selectPin;
  readonly #selectVectors;
  readonly #selectKey;

  constructor(database: Database) {
    this.#selectUser = database.prepare<[number], UserRow>(
      'SELECT key, attributes, hiddenInterests FROM users WHERE id = ?',
    );
    this.#selectBoard = database.prepare<[number], BoardRow>(
      `SELECT boards.key, title, boards.attributes, owner, users.key AS ownerKey
       FROM boards JOIN users ON users.id = owner WHERE boards.id = ?`,
    );
    this.#selectPin = database.prepare<[number], PinRow>(
      'SELECT key, title, text, url, imageUrl, createdAt, attributes FROM pins WHERE id = ?',
    );
    this.#selectVectors = database.prepare<[number], VectorRow>(
      `SELECT vector_names.name AS name, model, vector FROM vector_names
       JOIN vectors ON vectors.name = vector_names.id AND pin = ? ORDER BY vector_names.id`,
    );
    this.#selectKey = database.prepare<[string], KeyRow>(
      'SELECT id, name, scope, hash, createdAt, revokedAt FROM keys WHERE id = ?',
    );
  }

  /** `a`, `b` and `key` as in the log. A node that a later change removes has its ids only. */
  fieldsOf(kind: ChangeKind, a: number, b: number, key: string | null): Fields {
    if (kind === 'user' || kind === 'user-put') return this.#user(a, kind === 'user');
    if (kind === 'board') return this.#board(a, b, true);
    if (kind === 'board-put') return this.#board(a, null, false);
    if (kind === 'pin') return this.#pin(a, b === 0);
    if (kind === 'user-gone') return { kind, user: key, ids: { user: a } };
    if (kind === 'board-gone') return { kind, board: key, ids: { board: a } };
    if (kind === 'pin-gone') return { kind, pin: key, ids: { pin: a } };
    return this.#key(key!);
  }

  #user(id: number, isNew: boolean): Fields {
    const row = this.#selectUser.get(id);
    const common = { kind: 'user', isNew, user: row?.key ?? null };
    if (row === undefined) return { ...common, ids: { user: id } };
    return {
      ...common,
      attributes: parsed(row.attributes) ?? {},
      hiddenInterests: parsed(row.hiddenInterests) ?? [],
      ids: { user: id },
    };
  }

  #board(id: number, owner: number | null, isNew: boolean): Fields {
    const row = this.#selectBoard.get(id);
    const ids = { board: id, user: row?.owner ?? owner };
    const common = { kind: 'board', isNew, board: row?.key ?? null };
    if (row === undefined) return { ...common, ids };
    return {
      ...common,
      user: row.ownerKey,
      title: row.title,
      attributes: parsed(row.attributes) ?? {},
      ids,
    };
  }

  #pin(id: number, isNew: boolean): Fields {
    const row = this.#selectPin.get(id);
    const common = { kind: 'pin', isNew, pin: row?.key ?? null };
    if (row === undefined) return { ...common, ids: { pin: id } };
    const { title, text, url, imageUrl, createdAt, attributes } = row;
    const vectors = this.#selectVectors.all(id).map(({ name, model, vector }) => {
      return [name, { model, int8: vector.toString('base64') }] as const;
    });
    return {
      ...common,
      title,
      text,
      url,
      imageUrl,
      createdAt: isoTime(createdAt),
      attributes: parsed(attributes) ?? {},
      ...(vectors.length > 0 && { vectors: Object.fromEntries(vectors) }),
      ids: { pin: id },
    };
  }

  /** A follower may check keys, as the server itself does; the secret cannot be found from its hash. */
  #key(id: string): Fields {
    const { name, scope, hash, createdAt, revokedAt } = this.#selectKey.get(id)!;
    return { kind: 'key', key: { id, name, scope, hash: hash.toString('hex'), createdAt, revokedAt } };
  }
}

function parsed(json: string | null): unknown {
  return json === null ? undefined : JSON.parse(json);
}
