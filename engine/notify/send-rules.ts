import { type ParamSpecs, resolveParams } from '../base/index.ts';

/** Limits on the notifications of one person; {@link sendRuleSpecs} states their ranges, defaults and meanings. */
export interface SendRules {
  readonly perDay: number;
  readonly perWeek: number;
  readonly minGapHours: number;
}

const sendRuleSpecs: ParamSpecs<SendRules> = {
  perDay: { kind: 'integer', min: 1, max: 100, default: 1, about: 'notifications to a person in any 24 hours, at most' },
  perWeek: { kind: 'integer', min: 1, max: 700, default: 5, about: 'notifications to a person in any 7 days, at most' },
  minGapHours: { kind: 'number', min: 0, max: 168, default: 20, about: 'hours between two notifications to a person, at least' },
}; // prettier-ignore

/** Why a person receives nothing now, whatever its value. */
export type SendRule = 'daily-cap' | 'weekly-cap' | 'minimum-gap';

const hourMs = 3_600_000;

/** The rules with their defaults filled in. Throws `invalid-parameter`. */
export function sendRules(given: Partial<SendRules>): SendRules {
  return resolveParams(sendRuleSpecs, given);
}

/**
 * The first rule that forbids a notification at `now`; undefined if none does. `sentAt`: times of the person's notifications, ascending;
 * those of the last 7 days suffice. Windows are open at their start: a notification sent exactly 24 hours ago no longer counts. O(perWeek).
 */
export function ruleAgainst(sentAt: readonly number[], now: number, rules: SendRules): SendRule | undefined {
  const last = sentAt.at(-1);
  if (last !== undefined && now - last < rules.minGapHours * hourMs) return 'minimum-gap';
  if (sentWithin(sentAt, now, 24) >= rules.perDay) return 'daily-cap';
  if (sentWithin(sentAt, now, 168) >= rules.perWeek) return 'weekly-cap';
  return undefined;
}

/** How many of the ascending times lie less than `hours` before `now`. */
export function sentWithin(sentAt: readonly number[], now: number, hours: number): number {
  let count = 0;
  for (let i = sentAt.length - 1; i >= 0 && now - sentAt[i]! < hours * hourMs; i--) count++;
  return count;
}
