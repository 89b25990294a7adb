import { type SendRules, sendRules } from '../../../engine/notify/index.ts';

/** The parameters of a plan. */
export interface PlanPolicy {
  /** What notifications are sent for: a person gets at most one in each of its windows. */
  readonly campaign: string;
  /** Notifications a week and person, on average over all people. */
  readonly perWeek: number;
  /** Share of people who receive none, to measure the effect of sending. */
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

/**
 * How far back the planner looks, in days: at pins that a person saw and was sent, and at the rows that it
 * learns from.
 */
export const memoryDays = 60;
/** Visits at the hours of everybody that a person's own are added to. */
export const hourPrior = 10;
/** Hours after its time in which a notification may still be sent. */
export const expiryHours = 12;
/** It must not become quiet while it is being sent. */
export const marginMs = 60_000;
