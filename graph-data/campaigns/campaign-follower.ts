import type { Database } from '../database/index.ts';
import { type Campaign, type CampaignSettings, readSettings } from './campaign.ts';
import { type Root, campaignFile } from './campaign-file.ts';

/** A stored campaign, or, without settings, the number of one that was removed. */
type Change = Pick<Campaign, 'number'> & { readonly settings: CampaignSettings | undefined };

/** Follows the stored campaigns, for a thread that walks: a look costs some 10 µs, and only changes are read. */
export class CampaignFollower {
  readonly #folder: Root;
  readonly #byNumber = new Map<number, CampaignSettings>();
  #open: { readonly database: Database; readonly version: () => number } | undefined;
  #version = 0;

  constructor(folder: Root) {
    this.#folder = folder;
  }

  /** Of the last change; 0 before the first campaign. */
  get version(): number {
    return this.#version;
  }

  /** By number. */
  get campaigns(): ReadonlyMap<number, CampaignSettings> {
    return this.#byNumber;
  }

  /** Reads the changes since the last call. Throws as the file does. O(changes). */
  catchUp(): void {
    if (this.#open === undefined && !campaignFile.existsIn(this.#folder)) return;
    campaignFile.orError(this.#folder, () => {
      const { database, version } = (this.#open ??= opened(this.#folder));
      const present = version();
      if (present === this.#version) return;
      const changes = database
        .prepare<[number, number], { number: number; settings: string | null }>(
          'SELECT number, settings FROM campaigns WHERE version > ? AND version <= ?',
        )
        .all(this.#version, present)
        .map(({ number, settings }): Change => ({
          number,
          settings: settings === null ? undefined : readSettings(settings),
        }));
      for (const { number, settings } of changes) {
        if (settings === undefined) this.#byNumber.delete(number);
        else this.#byNumber.set(number, settings);
      }
      this.#version = present;
    });
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }
}

function opened(folder: Root): { database: Database; version: () => number } {
  const database = campaignFile.openToRead(folder);
  const select = database.prepare<[], number>('SELECT version FROM state').pluck();
  return { database, version: () => select.get()! };
}
