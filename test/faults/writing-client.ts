import { nextBelow, nextUnit, type RandomStream } from '../../engine/index.ts';
import type { Database } from '../../graph-data/index.ts';

/** The data that must be stored for a client: its saves as "board pin", and the titles of its own pins. */
export class Owed {
  readonly saves: Set<string>;
  readonly titles: Map<string, string>;

  constructor(saves: Iterable<string> = [], titles: Iterable<readonly [string, string]> = []) {
    this.saves = new Set(saves);
    this.titles = new Map(titles);
  }

  copy(): Owed {
    return new Owed(this.saves, this.titles);
  }

  asJson(): object {
    return {
      saves: [...this.saves].toSorted(),
      titles: [...this.titles].map((pair) => pair.join(' ')).toSorted(),
    };
  }

  /** The stored data of a client. */
  static stored(database: Database, client: string): Owed {
    const saves = database
      .prepare<[string], string>(
        `SELECT boards.key || ' ' || pins.key FROM saves JOIN boards ON boards.id = board
         JOIN users ON users.id = owner JOIN pins ON pins.id = pin WHERE users.key = ?`,
      )
      .pluck()
      .all(client);
    const titles = database
      .prepare<[string], [string, string]>(
        `SELECT key, title FROM pins WHERE key LIKE ? || '-%' AND title IS NOT NULL`,
      )
      .raw()
      .all(client);
    return new Owed(saves, titles);
  }
}

interface Step {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  /** Applies a successful request. */
  readonly take: (owed: Owed) => void;
}

/** Counts of acknowledged requests, and of those that a kill interrupted, by outcome. */
export interface Tally {
  answered: number;
  /** 503: nothing was written. */
  refused: number;
  cutButWritten: number;
  cutAndNotWritten: number;
}

const boards = 8;
const sharedPins = 200;
const json = 'application/json';

/**
 * Writes one request after another, as a user of its own with boards of its own, and tracks what must be stored. A
 * request without a response may have been done completely, or not at all.
 */
export class WritingClient {
  readonly name: string;
  readonly #random: RandomStream;
  readonly #tally: Tally;
  #owed = new Owed();
  #cut: Step | undefined;
  #pins = 0;

  constructor(name: string, random: RandomStream, tally: Tally) {
    this.name = name;
    this.#random = random;
    this.#tally = tally;
  }

  /** Writes until the server is gone. Throws at an unexpected response. */
  async writeUntilCut(url: string): Promise<void> {
    while (this.#cut === undefined) {
      const { method, path, type, body, take } = this.#nextStep();
      let response: Response;
      try {
        const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
        response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
      } catch {
        this.#cut = { method, path, take };
        return;
      }
      const text = await response.text().catch(() => '');
      if (response.ok) {
        take(this.#owed);
        this.#tally.answered++;
      } else if (response.status === 503 && !text.includes('may have been written')) this.#tally.refused++;
      // The pin may have been removed before.
      else if (!(response.status === 404 && method === 'DELETE'))
        throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
  }

  /** Throws unless the database has all required data. An interrupted request that was written is required from now on. */
  settle(stored: Owed): void {
    const [has, owed] = [JSON.stringify(stored.asJson()), JSON.stringify(this.#owed.asJson())];
    const withCut = this.#owed.copy();
    this.#cut?.take(withCut);
    const isWritten = has === JSON.stringify(withCut.asJson());
    if (!isWritten && has !== owed) {
      throw new Error(
        `${this.name}: answered is not what is stored, ${differences(this.#owed, stored)}; cut off: ${this.#cut?.method} ${this.#cut?.path}`,
      );
    }
    if (this.#cut !== undefined && has !== owed) this.#tally.cutButWritten++;
    else if (this.#cut !== undefined && !isWritten) this.#tally.cutAndNotWritten++;
    this.#owed = stored;
    this.#cut = undefined;
  }

  #nextStep(): Step {
    const at = nextUnit(this.#random);
    if (at < 0.4) return this.#saving([this.#newSave()]);
    if (at < 0.5) return this.#saving(this.#many(100, () => this.#newSave()));
    if (at < 0.6)
      return this.#saving(
        this.#many(300, () => this.#newSave()),
        true,
      );
    if (at < 0.75) return this.#removing(this.#many(10, () => this.#oldSave()));
    if (at < 0.8)
      return this.#removing(
        this.#many(100, () => this.#oldSave()),
        true,
      );
    if (at < 0.9) return this.#titling(`${this.name}-${nextBelow(this.#random, this.#pins + 1)}`);
    return this.#removingPin(`${this.name}-${nextBelow(this.#random, this.#pins + 1)}`);
  }

  #saving(saves: readonly string[], isStream = false): Step {
    return {
      method: 'POST',
      ...this.#request(saves, isStream),
      take: (owed) => {
        for (const save of saves) owed.saves.add(save);
      },
    };
  }

  #removing(saves: readonly string[], isStream = false): Step {
    return {
      method: 'DELETE',
      ...this.#request(saves, isStream),
      take: (owed) => {
        for (const save of saves) owed.saves.delete(save);
      },
    };
  }

  #titling(pin: string): Step {
    const title = `title ${nextBelow(this.#random, 1e6)}`;
    const body = JSON.stringify({ title, attributes: { of: title } });
    const take = (owed: Owed): void => void owed.titles.set(pin, title);
    return { method: 'PUT', path: `/v1/pins/${pin}`, type: json, body, take };
  }

  #removingPin(pin: string): Step {
    return {
      method: 'DELETE',
      path: `/v1/pins/${pin}`,
      take: (owed) => {
        owed.titles.delete(pin);
        for (const save of owed.saves) if (save.endsWith(` ${pin}`)) owed.saves.delete(save);
      },
    };
  }

  #request(saves: readonly string[], isStream: boolean): { path: string; type: string; body: string } {
    const sent = saves.map((save) => {
      const [board, pin] = save.split(' ');
      return { user: this.name, board, pin };
    });
    const body = isStream ? sent.map((save) => JSON.stringify(save)).join('\n') : JSON.stringify(sent);
    return { path: '/v1/saves', type: isStream ? 'application/x-ndjson' : json, body };
  }

  #newSave(): string {
    const board = `${this.name}/${nextBelow(this.#random, boards)}`;
    const isShared = nextUnit(this.#random) < 0.6;
    return `${board} ${isShared ? `shared${nextBelow(this.#random, sharedPins)}` : `${this.name}-${this.#pins++}`}`;
  }

  #oldSave(): string {
    const all = [...this.#owed.saves];
    return all[nextBelow(this.#random, all.length + 1)] ?? this.#newSave();
  }

  /** 1 to `max`. */
  #many<Item>(max: number, make: () => Item): Item[] {
    return Array.from({ length: 1 + nextBelow(this.#random, max) }, make);
  }
}

function differences(owed: Owed, stored: Owed): string {
  const missing = [...owed.saves].filter((save) => !stored.saves.has(save));
  const extra = [...stored.saves].filter((save) => !owed.saves.has(save));
  return `missing ${JSON.stringify(missing.slice(0, 5))}, too much ${JSON.stringify(extra.slice(0, 5))}`;
}
