import type { ChannelKind, SendFeatures, TemplateChoice } from '../../../engine/index.ts';
import type { Proposal, Release, Suppression } from '../../../graph-data/index.ts';
import type { Candidate } from './candidates.ts';
import type { Person } from './person.ts';
import { type PlanPolicy, expiryHours } from './policy.ts';

const hourMs = 3_600_000;

/** A pin that was considered, with the probability of a click or save if it is sent. */
export interface ConsideredPin extends Pick<Candidate, 'pin' | 'source' | 'score' | 'of'> {
  readonly open: number;
}

/** The planner's decision for a person: to send, and when, or the rule against it. Enough to replay it. */
export interface Decision {
  readonly user: string;
  readonly channel: ChannelKind;
  readonly arm: 'notified' | 'holdout';
  /** Undefined if it is to be sent. */
  readonly suppressedBy: Suppression | undefined;
  /** When it is sent, or would have been; undefined if no time was chosen. Milliseconds since 1970. */
  readonly time: number | undefined;
  /** Of the person's clock. */
  readonly hour: number | undefined;
  /** Whether their best hour is quiet: then it waits for another, and is scored again. */
  readonly isHeld: boolean;
  /** In opens; undefined if nothing was scored, as the figures below. */
  readonly value: number | undefined;
  /** Upper bound of its value, over all pins; undefined if not computed. */
  readonly valueMax: number | undefined;
  /** Null once the budget is spent. */
  readonly threshold: number | null | undefined;
  readonly propensity: number;
  readonly isExplored: boolean;
  readonly prediction: { readonly open: number; readonly openWithOneFewer: number; readonly unsubscribe: number } | undefined; // prettier-ignore
  /** Of the first pin. */
  readonly features: SendFeatures | undefined;
  /** Best first: five at most. */
  readonly pins: readonly ConsideredPin[];
  /** Keys of the pins of the notification, sent or not: the first one, and in an e-mail up to four more that have an address. */
  readonly sent: readonly string[];
  /** Pins that were left out since the person saw, acted on or was sent them. */
  readonly leftOut: number;
  /** What its text says, and how probable each template that fits was. */
  readonly template: TemplateChoice | undefined;
  readonly copy: Proposal['copy'] | undefined;
  readonly graphVersion: string | undefined;
  readonly modelVersion: string | undefined;
}

/** A held notification that is decided again. */
export interface HeldNotification {
  readonly id: string;
  readonly user: string;
  readonly channel: Decision['channel'];
  readonly journal: {
    readonly threshold?: number | null;
    readonly isExplored?: boolean;
    readonly propensity?: number | undefined;
  };
}

/** Pins of one notification, at most. */
export function pinsPerMessage(channel: ChannelKind): number {
  return channel === 'email' ? 5 : 1;
}

/** A decision with nothing decided but the person. */
export function undecided({ user, channel, known }: Person): Omit<Decision, 'suppressedBy'> {
  return {
    user,
    channel: channel.kind,
    arm: 'notified',
    time: undefined,
    hour: undefined,
    isHeld: false,
    value: undefined,
    valueMax: undefined,
    threshold: undefined,
    propensity: 1,
    isExplored: false,
    prediction: undefined,
    features: undefined,
    pins: [],
    sent: [],
    leftOut: known.size,
    template: undefined,
    copy: undefined,
    graphVersion: undefined,
    modelVersion: undefined,
  };
}

/** A decision against sending. */
export function heldBack(person: Person, rule: Suppression, more: Partial<Decision> = {}): Decision {
  return { ...undecided(person), suppressedBy: rule, ...more };
}

/** A decision as the outbox stores it, also one against sending: for the record. */
export function proposalOf(
  decision: Decision,
  { campaign, preset }: Pick<PlanPolicy, 'campaign' | 'preset'>,
  window: string,
  at: number,
): Proposal {
  const { user, channel, suppressedBy, time = at, sent, copy, isHeld } = decision;
  return {
    user,
    channel,
    campaign,
    window,
    pins: suppressedBy === undefined ? sent : [],
    copy: suppressedBy === undefined ? copy! : { title: '', text: '', language: '' },
    notBefore: time,
    expires: time + expiryHours * hourMs,
    isHeld,
    suppressedBy,
    journal: journalOf(decision, preset),
  };
}

/** A held notification as it is released after it was decided again. */
export function releaseOf(decision: Decision, preset: string): Release {
  const { suppressedBy, sent, copy } = decision;
  const journal = { ...journalOf(decision, preset) };
  if (suppressedBy !== undefined) return { suppressedBy, journal };
  return { pins: sent, copy: copy!, journal };
}

/** The part of a decision that goes into the journal of its notification. */
function journalOf(decision: Decision, preset: string): NonNullable<Proposal['journal']> {
  const { graphVersion, modelVersion, arm, propensity, isExplored, value, valueMax, threshold } = decision;
  const { hour, prediction, features, pins, leftOut, template, isHeld } = decision;
  return {
    graph: graphVersion,
    model: modelVersion,
    pipeline: preset,
    arm,
    propensity,
    ...(isExplored && { isExplored }),
    ...(isHeld && { heldBy: 'quiet-hours' }),
    hour,
    value,
    valueMax,
    threshold,
    prediction,
    features,
    considered: pins,
    leftOut,
    template,
  };
}
