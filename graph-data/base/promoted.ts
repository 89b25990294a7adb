import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';

/** What is known of promoted pins without their code: a process loads graph-data/campaigns with the first campaign. */

/** Of the database of campaigns, within the data folder. */
export const campaignsName = 'campaigns.db';

export function campaignsFile({ root }: Pick<DataFolder, 'root'>): string {
  return path.join(root, campaignsName);
}

/** Whether there ever was a campaign. Without, nothing of promoted pins is loaded or opened. */
export function hasCampaigns(folder: Pick<DataFolder, 'root'>): boolean {
  return existsSync(campaignsFile(folder));
}

/** The actions that a campaign is billed for. */
export const billedActions = ['click', 'save'] as const;
export type BilledAction = (typeof billedActions)[number];

/** Kinds of interactions by which a person says that they do not want a pin. */
export const hidingKinds: ReadonlySet<string> = new Set(['hide', 'dismiss']);

/** Characters of the token of a promoted pin: 32 bytes in base64url. */
export const tokenLength = 43;
