import {
  type SendFeatures,
  type SendRule,
  type SendRules,
  type ZoneHours,
  hourShares,
  ruleAgainst,
  sentWithin,
} from '../../../engine/notify/index.ts';
import { numberOfKey } from '../../../engine/random/index.ts';
import {
  type Channel,
  type PersonSend,
  type PlanReader,
  type RecentLog,
  dayMs,
} from '../../../graph-data/index.ts';
import { hourPrior, memoryDays } from './policy.ts';
import { type Population, hourCounts } from './population.ts';

/** Facts about a person that a decision needs, besides their pins. */
export interface Person {
  readonly user: string;
  /** The channel that would be used. */
  readonly channel: Channel;
  /** Sent and due notifications of theirs on any channel, by time. */
  readonly sends: readonly PersonSend[];
  /** Pins that they saw, acted on or were sent, by `numberOfKey`. */
  readonly known: ReadonlySet<number>;
  /** The person's visits by local hour, shrunk toward those of all people. */
  readonly hourShares: ArrayLike<number>;
}

interface PersonDeps {
  readonly reader: PlanReader;
  readonly log: RecentLog;
  readonly population: Population;
  readonly zoneHours: ZoneHours;
}

/** Reads a person as of a time; undefined without a channel that may be used. `without`: the id of a notification that does not count. */
export function readPersonAt(
  { reader, log, population, zoneHours }: PersonDeps,
  user: string,
  at: number,
  without?: { readonly id: string; readonly channel: Channel['kind'] },
): Person | undefined {
  const channels = reader.channelsOf(user);
  const channel = preferred(without === undefined ? channels : channels.filter(({ kind }) => kind === without.channel)); // prettier-ignore
  if (channel === undefined) return undefined;
  const sends = reader.sendsOf(user, at - memoryDays * dayMs).filter(({ id }) => id !== without?.id);
  const { pins, visits } = log.of(user);
  const hours = hourCounts(zoneHours, visits, channel.timeZone);
  return {
    user,
    channel,
    sends,
    known: new Set([...pins, ...sends.flatMap((each) => each.pins.map(numberOfKey))]),
    hourShares: hourShares(hours, population.hours, hourPrior),
  };
}

/** Kinds in the order in which they reach a person at once. */
const preference: readonly Channel['kind'][] = ['push', 'inbox', 'webhook', 'email', 'file'];

function preferred(channels: readonly Channel[]): Channel | undefined {
  return preference.map((kind) => channels.find((each) => each.kind === kind)).find((each) => each !== undefined); // prettier-ignore
}

/** What forbids a notification at a time: the rules of the plan over all channels, and the caps of this one. */
export function ruleOf({ sends, channel }: Person, time: number, rules: SendRules): SendRule | undefined {
  const all = sends.map((each) => each.time);
  const own = sends.filter((each) => each.channel === channel.kind).map((each) => each.time);
  const { perDay = Infinity, perWeek = Infinity, minGapMinutes = 0 } = channel.caps;
  return ruleAgainst(all, time, rules) ?? ruleAgainst(own, time, { perDay, perWeek, minGapHours: minGapMinutes / 60 }); // prettier-ignore
}

/** Features of the person at a time. */
export function featuresOf(
  person: Person,
  time: number,
  hour: number,
): Omit<SendFeatures, 'person' | 'topic' | 'walkScore'> {
  const times = person.sends.map((each) => each.time).filter((each) => each <= time);
  return {
    hourShare: person.hourShares[hour]!,
    sentOfWeek: sentWithin(times, time, 7 * 24),
    sentOfMonth: sentWithin(times, time, 28 * 24),
  };
}
