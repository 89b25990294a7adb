import { type SendRules, sendRules } from '../../../engine/index.ts';

/** What a plan follows. */
export interface PlanPolicy {
  /** What notifications are sent for: a person gets at most one in each of its windows. */
  readonly campaign: string;
  /** Notifications a week and person, on average over all people. */
  readonly perWeek: number;
  /** Share of people who receive none, to measure what sending brings. */
  readonly holdout: number;
  /** Share of the offers that chance decides. */
  readonly explore: number;
  /** Opens that a person who leaves would still have given. */
  readonly unsubscribeCost: number;
  /** Preset that retrieves and ranks the pins of a person. */
  readonly preset: string;
  /** Label of the model that ranks them where one is active, and the preset names none. */
  readonly modelLabel: string;
  readonly rules: SendRules;
}

export const planDefaults: PlanPolicy = {
  campaign: 'for-you',
  perWeek: 2,
  holdout: 0.05,
  explore: 0.03,
  unsubscribeCost: 10,
  preset: 'feed',
  modelLabel: 'click',
  rules: sendRules({}),
};

/** Why a plan does not send something to a person: what `suppressedBy` says, with its meaning. */
export const planRules = {
  holdout: 'the person is among those who receive nothing, so that the effect of sending can be measured',
  'daily-cap': 'they have, or will have, as many in 24 hours as they may',
  'weekly-cap': 'they have, or will have, as many in 7 days as they may',
  'minimum-gap': 'another one is too near',
  'quiet-hours': 'all of the next 24 hours are quiet',
  'unknown-time-zone': 'Node does not know the time zone of the channel',
  'unknown-user': 'the graph does not have the person',
  'nothing-new': 'there is no pin that they have not saved, seen or been sent',
  'below-threshold': 'the next notification is worth less than the threshold of the week',
  'budget-spent': 'the notifications of the week are used up',
  exploration: 'chance decided against it',
} as const;

export type PlanRule = keyof typeof planRules;

/** How far the planner looks back, in days: at what a person saw and was sent, and at what it learns from. */
export const memoryDays = 60;
/** Visits at the hours of everybody that a person's own are added to. */
export const hourPrior = 10;
/** Hours after its time in which a notification may still be sent. */
export const expiryHours = 12;
/** It must not become quiet while it is being sent. */
export const marginMs = 60_000;
