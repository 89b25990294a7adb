import type { Change, Database, ChangeKind, WriteOutcome, WriteRequest } from '../../graph-data/index.ts';

type Refused = { index: number; field: string; reason: string };

/** A model of the stored saves: plain maps by key. */
export class PlainSaves {
  #owners = new Map<string, string>();
  #users = new Set<string>();
  #pins = new Set<string>();
  /** By board, the pins on it. */
  #saved = new Map<string, Set<string>>();

  do({ changes, isWhole }: WriteRequest): WriteOutcome {
    const before = [this.#owners, this.#users, this.#pins, this.#saved] as const;
    const saved = new Map([...this.#saved].map(([board, pins]) => [board, new Set(pins)] as const));
    [this.#owners, this.#users] = [new Map(this.#owners), new Set(this.#users)];
    [this.#pins, this.#saved] = [new Set(this.#pins), saved];
    const refused: Refused[] = [];
    const results = changes.map((change, index) => {
      const result = this.#make(change);
      if (!result.includes(' ')) return result;
      const [field = '', ...reason] = result.split(': ');
      refused.push({ index, field, reason: reason.join(': ') });
      return null;
    });
    if (refused.length > 0 && isWhole !== false) {
      [this.#owners, this.#users, this.#pins, this.#saved] = before;
      return { state: 'refused', refused } as WriteOutcome;
    }
    return { state: 'done', results, refused } as WriteOutcome;
  }

  #make(change: Change): string {
    if (change.kind === 'hideInterest') throw new Error('the model knows no interests');
    if (change.kind === 'removePin') {
      for (const pins of this.#saved.values()) pins.delete(change.key);
      return this.#pins.delete(change.key) ? 'removed' : 'absent';
    }
    if (change.kind === 'put') {
      const { nodeKind, key } = change;
      const all = { pins: this.#pins, users: this.#users, boards: this.#owners }[nodeKind];
      const isThere = all.has(key);
      if (nodeKind === 'boards') {
        const own = this.#owners.get(key);
        if (own === undefined && change.owner === undefined)
          return `owner: board ${JSON.stringify(key)} is new and needs an owner`;
        if (own !== undefined && change.owner !== undefined && own !== change.owner)
          return `owner: board ${JSON.stringify(key)} belongs to another user`;
        if (own === undefined) this.#makeBoard(key, change.owner!);
      } else (nodeKind === 'pins' ? this.#pins : this.#users).add(key);
      return isThere ? 'replaced' : 'created';
    }
    const { user, pin } = change;
    const board = change.board ?? user;
    const owner = this.#owners.get(board);
    const pins = this.#saved.get(board) ?? new Set();
    if (change.kind === 'unsave') return owner === user && pins.delete(pin) ? 'removed' : 'absent';
    if (owner !== undefined && owner !== user) {
      const own =
        change.board === undefined
          ? ' (a save without a board goes to the board with the key of its user)'
          : '';
      return `board: board ${JSON.stringify(board)} belongs to another user${own}`;
    }
    this.#makeBoard(board, user);
    this.#pins.add(pin);
    if (pins.has(pin)) return 'present';
    this.#saved.set(board, pins.add(pin));
    return 'added';
  }

  #makeBoard(board: string, owner: string): void {
    this.#users.add(owner);
    this.#owners.set(board, owner);
  }

  /** Removes a user with their boards and the saves on these. Returns the removed keys. */
  erase(user: string): string[] {
    const boards = this.boardsOf(user);
    for (const board of boards) {
      this.#owners.delete(board);
      this.#saved.delete(board);
    }
    return [...(this.#users.delete(user) ? [user] : []), ...boards];
  }

  boardsOf(user: string): string[] {
    return [...this.#owners].filter(([, owner]) => owner === user).map(([board]) => board);
  }

  /** All keys; a board as "board owner". */
  keys(): { readonly users: string[]; readonly boards: string[]; readonly pins: string[] } {
    return {
      users: [...this.#users].toSorted(),
      boards: [...this.#owners].map((pair) => pair.join(' ')).toSorted(),
      pins: [...this.#pins].toSorted(),
    };
  }

  /** All saves as "user board pin". */
  saves(): string[] {
    return [...this.#saved]
      .flatMap(([board, pins]) => [...pins].map((pin) => `${this.#owners.get(board)} ${board} ${pin}`))
      .toSorted();
  }
}

/** {@link PlainSaves.saves} of a database. */
export function storedSaves(database: Database): string[] {
  return database
    .prepare<[], string[]>(
      `SELECT users.key, boards.key, pins.key FROM saves JOIN boards ON boards.id = board
       JOIN users ON users.id = owner JOIN pins ON pins.id = pin`,
    )
    .raw()
    .all()
    .map((row) => row.join(' '))
    .toSorted();
}

/** {@link PlainSaves.keys} of a database. */
export function storedKeys(database: Database): ReturnType<PlainSaves['keys']> {
  const all = (sql: string): string[] => database.prepare<[], string>(sql).pluck().all().toSorted();
  return {
    users: all('SELECT key FROM users'),
    boards: all(`SELECT boards.key || ' ' || users.key FROM boards JOIN users ON users.id = owner`),
    pins: all('SELECT key FROM pins'),
  };
}

/** A graph by ids, built from the change log. Throws on an impossible change. */
export class PlainGraph {
  #users = new Set<number>();
  #owners = new Map<number, number>();
  #pins = new Set<number>();
  #saves = new Set<string>();

  take(kind: ChangeKind, a: number, b: number): void {
    const isRight = {
      user: () => isNew(this.#users, a) && this.#users.add(a),
      board: () => this.#users.has(b) && !this.#owners.has(a) && this.#owners.set(a, b),
      pin: () => (b === 1 ? this.#pins.has(a) : isNew(this.#pins, a) && this.#pins.add(a)),
      save: () =>
        this.#owners.has(a) &&
        this.#pins.has(b) &&
        isNew(this.#saves, `${a} ${b}`) &&
        this.#saves.add(`${a} ${b}`),
      'user-put': () => this.#users.has(a),
      'board-put': () => this.#owners.has(a),
      key: () => true,
      'user-gone': () => this.#users.delete(a),
      'board-gone': () => this.#owners.delete(a),
      'pin-gone': () => [...this.#saves].every((save) => !save.endsWith(` ${a}`)) && this.#pins.delete(a),
      'save-gone': () => this.#saves.delete(`${a} ${b}`),
    }[kind]();
    if (isRight === false) throw new Error(`${kind} ${a} ${b} cannot be`);
  }

  copy(): PlainGraph {
    const copy = new PlainGraph();
    copy.#users = new Set(this.#users);
    copy.#owners = new Map(this.#owners);
    copy.#pins = new Set(this.#pins);
    copy.#saves = new Set(this.#saves);
    return copy;
  }

  content(): object {
    return {
      users: this.#users,
      boards: [...this.#owners].map((pair) => pair.join(' ')).toSorted(),
      pins: this.#pins,
      saves: [...this.#saves].toSorted(),
    };
  }
}

/** {@link PlainGraph.content} of a database. */
export function storedGraph(database: Database): object {
  const all = <Row>(sql: string): Row[] => database.prepare<[], Row>(sql).raw().all();
  return {
    users: new Set(all<[number]>('SELECT id FROM users').flat()),
    boards: all<number[]>('SELECT id, owner FROM boards')
      .map((pair) => pair.join(' '))
      .toSorted(),
    pins: new Set(all<[number]>('SELECT id FROM pins').flat()),
    saves: all<number[]>('SELECT board, pin FROM saves')
      .map((pair) => pair.join(' '))
      .toSorted(),
  };
}

function isNew<Value>(set: ReadonlySet<Value>, value: Value): boolean {
  return !set.has(value);
}
