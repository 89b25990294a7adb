import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type DataFolder, listSnapshots } from '../../graph-data/index.ts';
import { expectFreshBuild } from './fresh-build.ts';
import type { Expected, Real } from './model.ts';
import { type Writing, isAbout, someWriting, users, write } from './writings.ts';

export type Command = fc.AsyncCommand<Expected, Real>;

/** The server sees an import within a second, and starts a job for it; a busy machine takes longer. */
async function eventually(isRight: () => Promise<void>, real: Real): Promise<void> {
  for (let idle = 0; ; idle++) {
    try {
      await isRight();
      return;
    } catch (error) {
      if (idle === 600) throw error;
    }
    await wait(50);
    const { jobs } = (await real.call('GET', '/v1/jobs')).body;
    if (jobs.some(({ state }: { state: string }) => state === 'running')) idle = 0;
  }
}

abstract class Checked implements Command {
  check(_expected: Readonly<Expected>): boolean {
    return true;
  }

  async run(expected: Expected, real: Real): Promise<void> {
    await this.act(expected, real);
    await real.ended();
    expect(real.server.faults).toEqual([]);
    expect(real.server.graphs.current !== undefined).toBe(expected.isServed);
    const step = ++expected.steps;
    const isRight = () => expectFreshBuild(expected.plain, real.server, real.folder, real.given, step);
    if (expected.mayBeLate) await eventually(isRight, real);
    else await isRight();
  }

  abstract act(expected: Expected, real: Real): Promise<void>;

  abstract toString(): string;
}

async function writeAll(writings: readonly Writing[], expected: Expected, real: Real): Promise<void> {
  for (const writing of writings) {
    if (writing.method === 'import') expected.mayBeLate = true;
    await write(writing, expected.plain, real.server, real.folder);
  }
}

export class Write extends Checked {
  readonly #writing: Writing;

  constructor(writing: Writing) {
    super();
    this.#writing = writing;
  }

  async act(expected: Expected, real: Real): Promise<void> {
    await writeAll([this.#writing], expected, real);
  }

  toString(): string {
    return `Write(${fc.stringify(this.#writing)})`;
  }
}

interface BuildOrder {
  readonly activate: boolean;
  /** Sent one after another during the build. */
  readonly meanwhile: readonly Writing[];
  /** Whether the server is closed and reopened before the end of the build. */
  readonly isCut: boolean;
}

export class Build extends Checked {
  readonly #order: BuildOrder;

  constructor(order: BuildOrder) {
    super();
    this.#order = order;
  }

  async act(expected: Expected, real: Real): Promise<void> {
    const { plain } = expected;
    const { activate, meanwhile, isCut } = this.#order;
    const { status, body } = await real.begin('POST', '/v1/snapshots', { activate, force: true });
    expect(status).toBe(202);
    const counts = [plain.saves().length];
    for (const writing of meanwhile) {
      await writeAll([writing], expected, real);
      counts.push(plain.saves().length);
    }
    if (isCut) {
      await real.reopen(expected);
      return;
    }
    const job = await real.ended(body.id);
    if (job.state === 'done') expected.isServed ||= activate;
    else {
      expect(job.problem.detail).toContain('holds no saves');
      expect(counts).toContain(0);
    }
  }

  toString(): string {
    return `Build(${fc.stringify(this.#order)})`;
  }
}

interface Swap {
  /** If there are any, a snapshot is built first, and these are sent after it. */
  readonly writings: readonly Writing[];
  readonly nth: number;
}

/** Swaps to another snapshot, older or newer. */
class Activate extends Checked {
  readonly #swap: Swap;

  constructor(swap: Swap) {
    super();
    this.#swap = swap;
  }

  async act(expected: Expected, real: Real): Promise<void> {
    const { writings, nth } = this.#swap;
    if (writings.length > 0) {
      const { body } = await real.begin('POST', '/v1/snapshots', { activate: false });
      await real.ended(body.id);
      await writeAll(writings, expected, real);
    }
    const { snapshots } = (await real.call('GET', '/v1/snapshots')).body;
    const others = snapshots.filter(({ served }: { served: boolean }) => !served);
    if (others.length === 0) return;
    const { version } = others[nth % others.length];
    const { status, body } = await real.begin('POST', `/v1/snapshots/${version}/activate`, { force: true });
    expect(status, JSON.stringify(body)).toBe(200);
    expected.isServed = true;
  }

  toString(): string {
    return `Activate(${fc.stringify(this.#swap)})`;
  }
}

class Restart extends Checked {
  async act(expected: Expected, real: Real): Promise<void> {
    await real.reopen(expected);
  }

  toString(): string {
    return 'Restart';
  }
}

interface Erasure {
  readonly user: string;
  readonly meanwhile: readonly Writing[];
  /** When the server is closed and reopened: at any time, or between the erasure of the rows and that of their copies. */
  readonly cut: 'never' | 'early' | 'late';
}

class Erase extends Checked {
  readonly #erasure: Erasure;

  constructor(erasure: Erasure) {
    super();
    this.#erasure = erasure;
  }

  async act(expected: Expected, real: Real): Promise<void> {
    const { plain } = expected;
    const { user, meanwhile, cut } = this.#erasure;
    const at = `/v1/users/${user}`;
    const isThere = plain.keys().users.includes(user);
    await real.ended();
    const before = new Set(listSnapshots(real.folder).map(({ version }) => version));
    const { status, body } = await real.begin('DELETE', at);
    expect(status).toBe(isThere ? 202 : 404);
    if (!isThere) return;
    // Writes that concern the person may take effect before or after the erasure. Imports may not run beside it.
    const others = meanwhile.filter(
      (writing) => writing.method !== 'import' && !isAbout(writing, user, plain),
    );
    await writeAll(others, expected, real);
    let gone: string[];
    if (cut !== 'never') {
      if (cut === 'late') await real.left('erasing rows', body.id);
      await real.reopen(expected);
      if ((await real.call('GET', at)).status === 200) return;
      await real.ended();
      gone = plain.erase(user);
    } else {
      const { version } = real.server.graphs;
      await real.left('erasing rows', body.id);
      gone = plain.erase(user);
      // Gone from the graph at once, before the build that follows.
      const { current, liveSaves } = real.server.graphs;
      if (current !== undefined && current.version === version && !expected.mayBeLate)
        expect(current.header.counts.saves + liveSaves).toBe(plain.saves().length);
      const job = await real.ended(body.id);
      expect(job).toMatchObject({ state: 'done', problem: null });
      expected.isServed ||= job.result.snapshots.built !== null;
    }
    expected.mayBeLate = false;
    const left = listSnapshots(real.folder).filter(({ version }) => before.has(version));
    expect(left).toEqual([]);
    const stored = new Set([...plain.keys().users, ...plain.keys().boards].flatMap((key) => key.split(' ')));
    for (const key of gone.filter((each) => !stored.has(each)))
      expect(filesWith(key, real.folder)).toEqual([]);
  }

  toString(): string {
    return `Erase(${fc.stringify(this.#erasure)})`;
  }
}

function filesWith(text: string, { root }: DataFolder): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

const someMeanwhile = fc.array(someWriting, { maxLength: 5 });
const rarely = fc.integer({ min: 0, max: 4 }).map((drawn) => drawn === 0);

const build = new Build({ activate: true, meanwhile: [], isCut: false });

/** An empty folder, or a graph that is served. */
export const someBeginning: fc.Arbitrary<readonly Command[]> = fc
  .array(someWriting, { maxLength: 8, size: 'max' })
  .map((writings) => writings.map((writing): Command => new Write(writing)))
  .map((writes) => (writes.length === 0 ? [] : writes.concat(build)));

/** Commands, with their frequency in a dozen. */
export const someCommands: readonly fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 6 }, () => someWriting.map((writing) => new Write(writing))),
  ...Array.from({ length: 2 }, () =>
    fc
      .record({ activate: fc.constantFrom(true, true, false), meanwhile: someMeanwhile, isCut: rarely })
      .map((order) => new Build(order)),
  ),
  ...Array.from({ length: 2 }, () =>
    fc.record({ writings: someMeanwhile, nth: fc.nat(5) }).map((swap) => new Activate(swap)),
  ),
  fc.constant(new Restart()),
  fc
    .record({
      user: fc.constantFrom(...users),
      meanwhile: someMeanwhile,
      cut: fc.constantFrom('never', 'never', 'late', 'early'),
    })
    .map((erasure) => new Erase(erasure)),
];
