import type { DataFolder } from '../data-folder.ts';
import { type Database, SideWriter } from '../database/index.ts';
import { type Campaign, type CampaignSettings, fixedChanges } from './campaign.ts';
import { CampaignClock } from './campaign-clock.ts';
import { campaignFile } from './campaign-file.ts';
import { HideRows, type Hidden } from './hide-rows.ts';
import { type ChargeResult, Ledger, type PromotedAction } from './ledger.ts';
import { Pacer } from './pacer.ts';
import type { Placed, PlaceRequest } from './place-types.ts';
import { Placer, type PersonFacts } from './placer.ts';

/** Rows that were erased with a person. */
export interface ErasedPromotions {
  readonly impressions: number;
  /** Charges that name nobody any more; their spend stays. */
  readonly charges: number;
  readonly hides: number;
}

/** The outcome of {@link CampaignStore.put}. */
type PutResult =
  | { readonly kind: 'stored'; readonly campaign: Campaign }
  /** It has begun, and these fields would change. */
  | { readonly kind: 'fixed'; readonly fields: readonly string[] }
  | { readonly kind: 'full'; readonly max: number };

/** Campaigns that are kept at once. */
const campaignsMax = 10_000;
/** Campaigns that one step of pacing goes through: some 50 µs each. */
const pacedAtOnce = 500;

interface Statements {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly hides: HideRows;
  readonly pacer: Pacer;
}

/**
 * The writing connections to a data folder's campaigns. Nothing is opened or created before the first campaign. Several threads
 * and processes may write: each method is one transaction, durable when it returns, except that impressions
 * survive the end of the process but may be missing after a loss of power; charges never are. Throws `campaigns-damaged`, `data-folder-in-use` and
 * `data-folder-unusable`.
 */
export class CampaignStore {
  readonly #writer: SideWriter<Statements>;
  readonly #placing: SideWriter<Placer>;

  /** `busyMs`: how long a statement waits for the write of another. `person`: needed for {@link place}. */
  constructor(folder: DataFolder, busyMs: number, person: PersonFacts = nobody) {
    const clock = new CampaignClock();
    this.#writer = new SideWriter(campaignFile, folder, busyMs, (database) => ({
      database,
      ledger: new Ledger(database, clock),
      hides: new HideRows(database, clock),
      pacer: new Pacer(database, clock),
    }));
    this.#placing = new SideWriter(campaignFile, folder, busyMs, (database) => {
      // Without a wait for the disk: an answer waits for it. Clicks and pacing empty the log; only beyond 80 MB, a placement does.
      database.pragma('synchronous = NORMAL');
      database.pragma('wal_autocheckpoint = 20000');
      return new Placer(database, clock, person);
    });
  }

  /**
   * From now on, remembers who hides these pins. Returns the pins that were not watched before: the log has who
   * hid them, and {@link put} reads it there.
   */
  watch(pins: readonly string[]): string[] {
    return this.#writer.transact((_statements, database) => {
      const isKnown = database.prepare<[string]>('SELECT 1 FROM promoted WHERE pin = ?');
      const fresh = pins.filter((pin) => isKnown.get(pin) === undefined);
      const insert = database.prepare('INSERT INTO promoted VALUES (?, -1)');
      for (const pin of fresh) insert.run(pin);
      return fresh;
    });
  }

  /** Creates or replaces a campaign. `hidden`: who hid its pins by the log, as far as they were not watched. */
  put(id: string, settings: CampaignSettings, hidden: readonly Hidden[], now: number): PutResult {
    return this.#writer.transact(({ database, hides }) => {
      const before = database
        .prepare<[string], { number: number; settings: string; createdAt: number }>(
          'SELECT number, settings, createdAt FROM campaigns WHERE id = ? AND settings IS NOT NULL',
        )
        .get(id);
      if (before !== undefined) {
        const old = JSON.parse(before.settings) as CampaignSettings;
        const fields = Date.parse(old.start) > now ? [] : fixedChanges(old, settings);
        if (fields.length > 0) return { kind: 'fixed', fields };
      } else {
        const count = database
          .prepare<[], number>('SELECT count(*) FROM campaigns WHERE settings IS NOT NULL')
          .pluck()
          .get()!;
        if (count >= campaignsMax) return { kind: 'full', max: campaignsMax };
      }
      const version = nextVersion(database);
      const number =
        before?.number ??
        database.prepare<[], number>('SELECT coalesce(max(number) + 1, 0) FROM campaigns').pluck().get()!;
      database
        .prepare(
          `INSERT INTO campaigns (number, id, settings, createdAt, version) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET settings = excluded.settings, version = excluded.version`,
        )
        .run(number, id, JSON.stringify(settings), now, version);
      database.prepare('DELETE FROM promoted WHERE campaign = ?').run(number);
      const promote = database.prepare('INSERT INTO promoted VALUES (?, ?) ON CONFLICT DO NOTHING');
      for (const pin of settings.pins) promote.run(pin, number);
      for (const each of hidden) hides.keep(each);
      return { kind: 'stored', campaign: { number, id, settings, createdAt: before?.createdAt ?? now } };
    });
  }

  /** Deletes a campaign with its impressions and its ledger. False if there is none. */
  remove(id: string): boolean {
    const isRemoved = this.#writer.ifOpen((_statements, database) => {
      const number = database
        .prepare<[string], number>('SELECT number FROM campaigns WHERE id = ? AND settings IS NOT NULL')
        .pluck()
        .get(id);
      if (number === undefined) return false;
      for (const table of ['promoted', 'impressions', 'charges', 'days', 'pacing', 'curve'])
        database.prepare(`DELETE FROM ${table} WHERE campaign = ?`).run(number);
      database
        .prepare("UPDATE campaigns SET id = '', settings = NULL, version = ? WHERE number = ?")
        .run(nextVersion(database), number);
      return true;
    });
    return isRemoved ?? false;
  }

  /** {@link Placer.place}. */
  place(request: PlaceRequest): Placed {
    try {
      return this.#placing.ifOpen((placer) => placer.place(request)) ?? { placements: [], ruledOut: {} };
    } catch (error) {
      // The store remembers counters, including those of a rolled-back transaction.
      this.#placing.close();
      throw error;
    }
  }

  /** {@link Ledger.charge} of each action, then the hidden pins: all of it or, if it throws, nothing. */
  record(actions: readonly PromotedAction[], hidden: readonly Hidden[], now: number): ChargeResult[] {
    const results = this.#writer.ifOpen(({ ledger, hides }) => {
      for (const each of hidden) hides.add(each, now);
      return actions.map((action) => ledger.charge(action, now));
    });
    return results ?? actions.map(() => 'gone');
  }

  /** {@link Pacer.pace} of some campaigns after a number, -1 for the first; undefined if there are no more. */
  pace(now: number, after: number): number | undefined {
    return this.#writer.ifOpen(({ pacer }) => pacer.pace(now, after, pacedAtOnce));
  }

  /** Deletes all rows that name a person, and every copy of them in the file. O(file) if there are any. */
  erase(user: string): ErasedPromotions {
    const erased = this.#writer.ifOpen((_statements, database) => {
      const run = (sql: string): number => database.prepare<[string]>(sql).run(user).changes;
      return {
        impressions: run('DELETE FROM impressions WHERE user = ?'),
        charges: run("UPDATE charges SET user = '', address = NULL WHERE user = ?"),
        hides: run('DELETE FROM hides WHERE user = ?'),
      };
    });
    if (erased === undefined) return { impressions: 0, charges: 0, hides: 0 };
    if (erased.impressions + erased.charges + erased.hides > 0) this.#writer.rewrite();
    return erased;
  }

  /** Deletes impressions and charges from before a time; counts by day and spend stay. Returns their number. */
  dropBefore(time: number): number {
    const dropped = this.#writer.ifOpen((_statements, database) => {
      const run = (sql: string): number => database.prepare<[number]>(sql).run(time).changes;
      return run('DELETE FROM impressions WHERE at < ?') + run('DELETE FROM charges WHERE at < ?');
    });
    return dropped ?? 0;
  }

  close(): void {
    this.#writer.close();
    this.#placing.close();
  }
}

const nobody: PersonFacts = {
  atOnce: (read) => read(),
  keyOf: () => undefined,
  hasSaved: () => false,
  isHeldOut: () => false,
  passes: () => false,
};

function nextVersion(database: Database): number {
  return database
    .prepare<[], number>('UPDATE state SET version = version + 1 RETURNING version')
    .pluck()
    .get()!;
}
