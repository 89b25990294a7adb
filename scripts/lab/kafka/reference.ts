import { type LabRecord, topics } from './records.ts';

/** The expected state of a server that has applied each record of the topics once. */
export class Reference {
  readonly #people = new Set<string>();
  readonly #pins = new Set<string>();
  /** Board and pin of each save. */
  readonly saves = new Set<string>();
  readonly described = new Map<string, string>();
  /** By what identifies each. */
  readonly interactions = new Set<string>();
  /** Changes of the graph: each person, board and pin, each save, each put and each removal. */
  changes: number;
  /** Topic, partition and offset of each invalid record. */
  readonly rejects: string[] = [];

  /** `changes`: those of the graph before the first record. */
  constructor(changes: number) {
    this.changes = changes;
  }

  /** `time`: of the record. */
  apply(
    { topic, partition, key, value, method }: LabRecord,
    { offset, time }: { readonly offset: number; readonly time: number },
  ): void {
    const body = value === undefined ? undefined : parsed(value);
    if (value !== undefined && body === undefined) this.rejects.push(`${topic} ${partition} ${offset}`);
    else if (topic === topics.interactions) this.interactions.add(interactionId({ at: time, ...body }));
    else if (topic === topics.pins) this.#describe(key!, body?.['title']);
    else this.#save(body as { user: string; board: string; pin: string }, method === 'DELETE');
  }

  #describe(pin: string, title: string | undefined): void {
    if (title === undefined) {
      if (this.described.delete(pin)) this.changes++;
    } else {
      this.described.set(pin, title);
      this.changes++;
    }
  }

  #save({ user, board, pin }: { user: string; board: string; pin: string }, isRemoved: boolean): void {
    const save = `${board} ${pin}`;
    if (isRemoved) {
      if (this.saves.delete(save)) this.changes++;
      return;
    }
    if (!this.#people.has(user)) this.changes += 2;
    if (!this.#pins.has(pin)) this.changes++;
    if (!this.saves.has(save)) this.changes++;
    this.#people.add(user);
    this.#pins.add(pin);
    this.saves.add(save);
  }
}

/** The identity of an interaction of the lab. */
export function interactionId({
  id,
  user,
  pin,
  at,
}: {
  readonly id?: string | undefined;
  readonly user?: string;
  readonly pin?: string | undefined;
  readonly at: number;
}): string {
  return id ?? `${user} ${pin} ${at}`;
}

function parsed(text: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return undefined;
  }
}
