import type { EngagementSet } from '../engagement/read.ts';

/** Spreads between people, topics and hours, as the click model of `pinwalk notify simulate` has them. */
interface Calibration {
  readonly personSpread: number;
  readonly tasteSpread: number;
  readonly hourStrength: number;
  readonly hourAgreement: number;
  readonly peakHour: number;
  /** People with impressions on two days. */
  readonly people: number;
}

interface Row {
  readonly day: number;
  readonly hour: number;
  readonly topic: string;
  readonly clicked: number;
}

/** Local hours of the log: it was recorded in China. */
const zoneHours = 8;
const hourMs = 3_600_000;

/**
 * Moments of pairs of one person's impressions from different days, so that neither chance nor the mood of a day counts as a difference
 * between people; each person has the same weight. The covariance of clicks over topics is what people differ in, that within a topic exceeds
 * it by tastes, less what topics differ in for everybody; both are divided by p(1 − p), which takes them to log odds. Hours: the mean
 * cosine of pairs is the square of a person's concentration, for von Mises distributions.
 */
export function calibrate(set: EngagementSet): Calibration {
  const rowsOf = new Map<number, Row[]>();
  for (let i = 0; i < set.count; i++) {
    const hours = set.times[i]! / hourMs + zoneHours;
    const topic = (set.pins['tag']![set.pin[i]!] ?? '').split(',')[0]!;
    const row = {
      day: Math.floor(hours / 24),
      hour: hours % 24,
      topic,
      clicked: set.columns['is_click']![i]!,
    };
    const rows = rowsOf.get(set.user[i]!);
    if (rows === undefined) rowsOf.set(set.user[i]!, [row]);
    else rows.push(row);
  }
  const people = { across: new Mean(), rate: new Mean(), taste: new Mean(), cosine: new Mean() };
  for (const rows of rowsOf.values()) {
    const own = { across: new Mean(), within: new Mean(), cosine: new Mean() };
    for (const [i, a] of rows.entries()) {
      for (const b of rows.slice(0, i)) {
        if (a.day === b.day) continue;
        own.cosine.add(Math.cos(((a.hour - b.hour) * Math.PI) / 12));
        (a.topic === b.topic ? own.within : own.across).add(a.clicked * b.clicked);
      }
    }
    if (own.cosine.count > 0) people.cosine.add(own.cosine.value);
    if (own.across.count === 0) continue;
    people.across.add(own.across.value);
    people.rate.add(rows.reduce((sum, { clicked }) => sum + clicked, 0) / rows.length);
    if (own.within.count > 0) people.taste.add(own.within.value - own.across.value);
  }
  const all = [...rowsOf.values()].flat();
  const rate = people.rate.value;
  const scale = rate * (1 - rate);
  const [cos, sin] = [Math.cos, Math.sin].map((f) => mean(all.map(({ hour }) => f((hour * Math.PI) / 12))));
  const concentration = Math.sqrt(people.cosine.value);
  return {
    personSpread: Math.sqrt(people.across.value - rate ** 2) / scale,
    tasteSpread: Math.sqrt(people.taste.value - topicVariance(all)) / scale,
    hourStrength: vonMisesOf(concentration),
    hourAgreement: vonMisesOf(Math.hypot(cos!, sin!) / concentration),
    peakHour: ((Math.atan2(sin!, cos!) * 12) / Math.PI + 24) % 24,
    people: people.rate.count,
  };
}

class Mean {
  #sum = 0;
  count = 0;

  add(value: number): void {
    this.#sum += value;
    this.count++;
  }

  get value(): number {
    return this.#sum / this.count;
  }
}

/** Of the click rates of topics, by impressions. */
function topicVariance(rows: readonly Row[]): number {
  const topics = new Map<string, Mean>();
  for (const { topic, clicked } of rows) {
    const own = topics.get(topic) ?? new Mean();
    own.add(clicked);
    topics.set(topic, own);
  }
  const rate = mean(rows.map(({ clicked }) => clicked));
  return mean(rows.map(({ topic }) => (topics.get(topic)!.value - rate) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The parameter κ of a von Mises distribution whose mean resultant length is I₁(κ)/I₀(κ) = `length`, by bisection. */
function vonMisesOf(length: number): number {
  let [low, high] = [0, 100];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const weights = Array.from({ length: 720 }, (_, k) =>
      Math.exp(middle * (Math.cos((k * Math.PI) / 360) - 1)),
    );
    const resultant = weights.reduce((sum, weight, k) => sum + weight * Math.cos((k * Math.PI) / 360), 0);
    if (resultant / weights.reduce((sum, weight) => sum + weight, 0) < length) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
