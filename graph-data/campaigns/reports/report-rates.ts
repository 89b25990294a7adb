import { type Rate, rateOf } from '../../../engine/attribution/index.ts';
import { groupCount, groupOf } from '../../engagement/index.ts';
import type { BilledAction } from '../../base/index.ts';

/** A person's impressions and actions, of a part of a campaign. */
export interface PersonCounts {
  readonly user: string;
  readonly impressions: number;
  readonly clicks: number;
  readonly saves: number;
  readonly spent: number;
}

export interface Rates {
  readonly clickRate: Rate | undefined;
  readonly saveRate: Rate | undefined;
  /** Of the billed action, charged or not. */
  readonly costPerAction: Rate | undefined;
}

/** With intervals that treat the actions of one person as one observation: by random groups of people. */
export function ratesOf(rows: Iterable<PersonCounts>, per: BilledAction): Rates {
  const groups = Array.from({ length: 4 }, () => Array<number>(groupCount).fill(0));
  const [shown, clicked, saved, spent] = groups as [number[], number[], number[], number[]];
  for (const { user, impressions, clicks, saves, spent: micros } of rows) {
    const group = groupOf(user);
    shown[group]! += impressions;
    clicked[group]! += clicks;
    saved[group]! += saves;
    spent[group]! += micros;
  }
  return {
    clickRate: rateOf(shown, clicked, true),
    saveRate: rateOf(shown, saved, true),
    costPerAction: rateOf(per === 'click' ? clicked : saved, spent, false),
  };
}
