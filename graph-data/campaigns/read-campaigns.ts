import type { Database } from '../database/index.ts';
import { type Campaign, readSettings } from './campaign.ts';
import { CampaignClock } from './campaign-clock.ts';
import { type Root, campaignFile } from './campaign-file.ts';
import { readToken } from './click-token.ts';

/** A stored campaign and its spend. */
export interface KeptCampaign extends Campaign {
  /** Since the last midnight of its zone. */
  readonly spentToday: number;
  readonly spent: number;
}

interface CampaignRow extends Omit<Campaign, 'settings'> {
  readonly settings: string;
  readonly spent: number;
}

const columns = 'number, id, settings, createdAt, spent';

/** A page of the campaigns by id, after one; from the first for ''. `now`: milliseconds since 1970. */
export function readCampaigns(folder: Root, now: number, limit: number, after: string): KeptCampaign[] {
  const sql = `SELECT ${columns} FROM campaigns WHERE settings IS NOT NULL AND id > ? ORDER BY id LIMIT ?`;
  const read = campaignFile.read(folder, (database) =>
    database
      .prepare<[string, number], CampaignRow>(sql)
      .all(after, limit)
      .map((row) => keptOf(database, row, now)),
  );
  return read ?? [];
}

/** A campaign by its id; undefined if there is none. */
export function readCampaign(folder: Root, id: string, now: number): KeptCampaign | undefined {
  const sql = `SELECT ${columns} FROM campaigns WHERE settings IS NOT NULL AND id = ?`;
  return campaignFile.read(folder, (database) => {
    const row = database.prepare<[string], CampaignRow>(sql).get(id);
    return row && keptOf(database, row, now);
  });
}

/** What signs the tokens of this data folder's impressions; undefined before the first campaign. */
export function readTokenSecret(folder: Root): Uint8Array | undefined {
  return campaignFile.read(folder, (database) =>
    database.prepare<[], Uint8Array>('SELECT secret FROM state').pluck().get()!,
  );
}

/** Key of the promoted pin that a token was given with; undefined for no token of this data folder, or one that is no longer kept. */
export function readPromotedPin(folder: Root, token: string): string | undefined {
  return campaignFile.read(folder, (database) => {
    const secret = database.prepare<[], Uint8Array>('SELECT secret FROM state').pluck().get()!;
    const id = readToken(secret, token);
    const select = database.prepare<[Uint8Array], string>('SELECT pin FROM impressions WHERE id = ?').pluck();
    return id && select.get(id);
  });
}

/** The stored rows of a person. Times are milliseconds since 1970. */
export interface PersonPromotions {
  readonly impressions: readonly {
    readonly campaign: string;
    readonly pin: string;
    readonly surface: string;
    /** Id of the interest that most of the found pins belong to. Empty: none. */
    readonly interest: string;
    readonly at: number;
    readonly isGhost: number;
    readonly clickedAt: number | null;
    readonly savedAt: number | null;
  }[];
  readonly hidden: readonly string[];
}

/** When the action of an impression came. */
function acted(action: string): string {
  return `(SELECT at FROM charges WHERE impression = impressions.id AND action = '${action}')`;
}

/** Everything that is stored of a person; undefined if nothing is. */
export function readPromotions(folder: Root, user: string): PersonPromotions | undefined {
  const sql = `SELECT campaigns.id AS campaign, pin, surface, interest, at, isGhost, ${acted('click')} AS clickedAt, ${acted('save')} AS savedAt
    FROM impressions INDEXED BY impressions_met JOIN campaigns ON number = campaign WHERE user = ? ORDER BY at, impressions.id`;
  const person = campaignFile.read(folder, (database) => ({
    impressions: database.prepare<[string], PersonPromotions['impressions'][number]>(sql).all(user),
    hidden: database
      .prepare<[string], string>('SELECT pin FROM hides WHERE user = ? ORDER BY pin')
      .pluck()
      .all(user),
  }));
  if (person === undefined || person.impressions.length + person.hidden.length === 0) return undefined;
  return person;
}

function keptOf(database: Database, { settings: json, ...row }: CampaignRow, now: number): KeptCampaign {
  const settings = readSettings(json);
  const day = new CampaignClock().dayOf(now, settings.timeZone);
  const spentToday = database
    .prepare<[number, string], number>('SELECT total(spent) FROM days WHERE campaign = ? AND day = ?')
    .pluck()
    .get(row.number, day)!;
  return { ...row, settings, spentToday };
}
