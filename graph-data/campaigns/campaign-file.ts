import { randomBytes } from 'node:crypto';
import { campaignsName } from '../base/index.ts';
import { type Root, SideFile } from '../database/index.ts';

export type { Root };

/**
 * `version` of a campaign: that of its last change, from one counter for all. A removed one keeps its number, without settings.
 * `expected`: the sum of the probabilities p that its impressions were expected to bring the billed action with, before they were
 * corrected by `actions`, those that came; `variance`: the sum of p(1 − p).
 *
 * `days` is the ledger: the spend of each campaign by day of its zone and surface, with the counts of reports; `spent` of a
 * campaign is their sum. A charge is a row of `charges`, whose key is the impression and the action: none is counted twice.
 */
const schema = `
  CREATE TABLE campaigns (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    settings TEXT,
    createdAt INTEGER NOT NULL,
    version INTEGER NOT NULL,
    impressions INTEGER NOT NULL DEFAULT 0,
    expected REAL NOT NULL DEFAULT 0,
    variance REAL NOT NULL DEFAULT 0,
    actions INTEGER NOT NULL DEFAULT 0,
    hides INTEGER NOT NULL DEFAULT 0,
    spent INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE UNIQUE INDEX campaigns_by_id ON campaigns (id) WHERE settings IS NOT NULL;
  CREATE INDEX campaigns_by_version ON campaigns (version);

  -- Pins whose hides are remembered: campaign -1, from before they were promoted on.
  CREATE TABLE promoted (
    pin TEXT NOT NULL,
    campaign INTEGER NOT NULL,
    PRIMARY KEY (pin, campaign)
  ) WITHOUT ROWID, STRICT;

  CREATE INDEX promoted_by_campaign ON promoted (campaign);

  -- id: 16 bytes, which the token of the impression has. isGhost: won for a person of the holdout, and not shown.
  -- interest: id of that which most of the found pins belong to.
  CREATE TABLE impressions (
    id BLOB PRIMARY KEY,
    campaign INTEGER NOT NULL,
    user TEXT NOT NULL,
    pin TEXT NOT NULL,
    recommendation TEXT NOT NULL,
    surface TEXT NOT NULL,
    rank INTEGER NOT NULL,
    at INTEGER NOT NULL,
    isGhost INTEGER NOT NULL,
    bid INTEGER NOT NULL,
    price INTEGER NOT NULL,
    priceSetBy TEXT NOT NULL,
    probability REAL NOT NULL,
    quality REAL NOT NULL,
    relevance REAL NOT NULL,
    beat INTEGER,
    interest TEXT NOT NULL DEFAULT ''
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX impressions_met ON impressions (user, campaign, at);
  CREATE INDEX impressions_of_campaign ON impressions (campaign, at);

  -- result: charged, or why not. address: a keyed hash.
  CREATE TABLE charges (
    impression BLOB NOT NULL,
    action TEXT NOT NULL,
    campaign INTEGER NOT NULL,
    user TEXT NOT NULL,
    address BLOB,
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    price INTEGER NOT NULL,
    result TEXT NOT NULL,
    PRIMARY KEY (impression, action)
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX charges_of_user ON charges (user, campaign, at);
  CREATE INDEX charges_of_address ON charges (address, campaign, at) WHERE address IS NOT NULL;
  CREATE INDEX charges_of_campaign ON charges (campaign, at);

  CREATE TABLE days (
    campaign INTEGER NOT NULL,
    day TEXT NOT NULL,
    surface TEXT NOT NULL,
    impressions INTEGER NOT NULL DEFAULT 0,
    ghosts INTEGER NOT NULL DEFAULT 0,
    clicks INTEGER NOT NULL DEFAULT 0,
    saves INTEGER NOT NULL DEFAULT 0,
    hides INTEGER NOT NULL DEFAULT 0,
    spent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign, day, surface)
  ) WITHOUT ROWID, STRICT;

  -- Pins that people hid or dismissed, of those that are or were promoted.
  CREATE TABLE hides (
    user TEXT NOT NULL,
    pin TEXT NOT NULL,
    PRIMARY KEY (user, pin)
  ) WITHOUT ROWID, STRICT;

  -- The controller of each campaign's spend, and its curve: a step for each quarter of an hour.
  CREATE TABLE pacing (
    campaign INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    participation REAL NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE TABLE curve (
    campaign INTEGER NOT NULL,
    at INTEGER NOT NULL,
    participation REAL NOT NULL,
    spent INTEGER NOT NULL,
    PRIMARY KEY (campaign, at)
  ) WITHOUT ROWID, STRICT;

  -- Requests with promoted slots by hour (UTC): the traffic that spend follows.
  CREATE TABLE traffic (hour INTEGER PRIMARY KEY, requests INTEGER NOT NULL) STRICT;

  -- One row. secret: what signs tokens; they are valid as long as this file is.
  CREATE TABLE state (version INTEGER NOT NULL, secret BLOB NOT NULL) STRICT;
`;

/** Campaigns, their impressions and their ledger: created with the first campaign. */
export const campaignFile: SideFile = new SideFile({
  name: campaignsName,
  content: 'campaigns and their ledger',
  // "pinC".
  applicationId: 0x70696e43,
  schemaVersion: 2,
  schema,
  upgrades: [
    `ALTER TABLE impressions ADD COLUMN interest TEXT NOT NULL DEFAULT '';
     ALTER TABLE campaigns ADD COLUMN variance REAL NOT NULL DEFAULT 0;
     UPDATE campaigns SET variance = expected * (1 - expected / impressions) WHERE impressions > 0;
     CREATE INDEX promoted_by_campaign ON promoted (campaign)`,
  ],
  fill: (database) => database.prepare('INSERT INTO state VALUES (0, ?)').run(randomBytes(32)),
  damagedCode: 'campaigns-damaged',
  loss: 'forget all spending',
});
