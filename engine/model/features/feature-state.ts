import { check } from '../../base/index.ts';
import { type CounterColumn, Counters } from './counters.ts';
import { type FeatureDefinition, type FeatureFields, checkDefinitions, shown } from './definitions.ts';
import { ZoneClock } from './zone-clock.ts';

/** An impression: what is known when it is scored. */
export interface Shown {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Numbers of its entities, in the order of the fields: from 0 to 2^26; -1 for none. */
  readonly entities: ArrayLike<number>;
  /** In the order of the fields. */
  readonly numbers: ArrayLike<number>;
  /** Of the person. */
  readonly zone: string;
}

const keyBits = 2 ** 26;
const dayMs = 86_400_000;
const [hourMs, weekdayOfEpoch] = [3_600_000, 4];

interface Group {
  readonly by: readonly number[];
  readonly columns: CounterColumn[];
  counters: Counters;
}

/** Writes one feature of an impression; `rows` has the row of each group's counters. */
type Read = (of: Shown, rows: Int32Array) => number;

/**
 * The features of impressions, from what came before them: the one code path of training and serving. Call {@link read}
 * before {@link shown}, and {@link acted} when the action arrives; times must not descend. Whatever is read meanwhile changes
 * nothing.
 */
export class FeatureState {
  /** Numeric features that {@link read} writes. */
  readonly width: number;
  readonly #fields: FeatureFields;
  readonly #groups: Group[] = [];
  readonly #reads: readonly Read[];
  readonly #rows: Int32Array;
  readonly #clock = new ZoneClock();
  #last = -Infinity;

  constructor(definitions: readonly FeatureDefinition[], fields: FeatureFields) {
    checkDefinitions(definitions, fields);
    this.#fields = fields;
    this.#reads = definitions.flatMap((definition) => this.#readerOf(definition) ?? []);
    this.width = this.#reads.length;
    for (const group of this.#groups) group.counters = new Counters(group.columns, 1 + fields.labels.length);
    this.#rows = new Int32Array(this.#groups.length);
  }

  /** Writes the features of an impression to `out`, from `at`. Throws `invalid-parameter` if it is earlier than an event. */
  read(of: Shown, out: Float64Array, at = 0): void {
    check(of.time >= this.#last, 'time', 'an impression is earlier than what was counted: its features would know the future'); // prettier-ignore
    for (let i = 0; i < this.#groups.length; i++) {
      const { by, counters } = this.#groups[i]!;
      const key = keyOf(by, of.entities);
      this.#rows[i] = key < 0 ? -1 : counters.rowOf(key);
    }
    for (let i = 0; i < this.#reads.length; i++) out[at + i] = this.#reads[i]!(of, this.#rows);
  }

  /** Counts an impression. */
  shown(of: Shown): void {
    this.#add(of.entities, 0, 1, of.time);
  }

  /** Counts an action on an impression, at the time of its arrival. `amount`: its value, or 1. */
  acted(of: Shown, label: number, time: number, amount = 1): void {
    this.#add(of.entities, 1 + label, amount, time);
  }

  #add(entities: ArrayLike<number>, event: number, amount: number, time: number): void {
    check(time >= this.#last, 'time', 'events are counted in the order of their times');
    this.#last = time;
    for (const { by, counters } of this.#groups) {
      const key = keyOf(by, entities);
      if (key >= 0) counters.add(key, event, amount, time);
    }
  }

  #readerOf(definition: FeatureDefinition): Read | undefined {
    const clock = this.#clock;
    switch (definition.kind) {
      case 'entity':
        return undefined;
      case 'number': {
        const at = this.#fields.numbers.indexOf(definition.field);
        return ({ numbers }) => numbers[at]!;
      }
      case 'hour':
        return ({ time, zone }) => Math.floor(modulo(clock.local(time, zone), dayMs) / hourMs);
      case 'weekday':
        return ({ time, zone }) => modulo(Math.floor(clock.local(time, zone) / dayMs) + weekdayOfEpoch, 7);
      case 'since': {
        const [group, event] = [this.#groupOf(definition.by), this.#eventOf(definition.of)];
        return ({ time }, rows) =>
          Math.log1p(this.#groups[group]!.counters.hoursSince(rows[group]!, event, time));
      }
      case 'count': {
        const { by, of, halfLifeHours } = definition;
        const count = this.#countOf(by, this.#eventOf(of), halfLifeHours);
        return ({ time }, rows) => Math.log1p(Math.max(0, count(time, rows)));
      }
      default:
        return this.#rateOf(definition.by, definition);
    }
  }

  #rateOf(by: readonly string[], definition: Extract<FeatureDefinition, { kind: 'rate' }>): Read {
    const { of, halfLifeHours, prior, within = [] } = definition;
    const actions = this.#countOf(by, this.#eventOf(of), halfLifeHours);
    const impressions = this.#countOf(by, 0, halfLifeHours);
    if (by.length === 0) {
      return ({ time }, rows) => (actions(time, rows) + prior / 2) / (impressions(time, rows) + prior);
    }
    const outer = this.#rateOf(within.length < by.length ? within : [], { ...definition, within: [] });
    return (shownNow, rows) => {
      const { time } = shownNow;
      return (actions(time, rows) + prior * outer(shownNow, rows)) / (impressions(time, rows) + prior);
    };
  }

  #countOf(
    by: readonly string[],
    event: number,
    halfLifeHours = Infinity,
  ): (time: number, rows: Int32Array) => number {
    const groups = this.#groups;
    const group = this.#groupOf(by);
    const { columns } = groups[group]!;
    let column = columns.findIndex((each) => each.event === event && each.halfLifeHours === halfLifeHours);
    if (column < 0) column = columns.push({ event, halfLifeHours }) - 1;
    return (time, rows) => groups[group]!.counters.at(rows[group]!, column, time);
  }

  #groupOf(names: readonly string[]): number {
    const by = names.map((name) => this.#fields.entities.indexOf(name));
    const known = this.#groups.findIndex((group) => group.by.join() === by.join());
    if (known >= 0) return known;
    return this.#groups.push({ by, columns: [], counters: new Counters([], 0) }) - 1;
  }

  #eventOf(name: string): number {
    return name === shown ? 0 : 1 + this.#fields.labels.indexOf(name);
  }
}

/** One number for a combination of entities; -1 if one of them is missing. */
export function keyOf(by: readonly number[], entities: ArrayLike<number>): number {
  let key = 0;
  for (let i = 0; i < by.length; i++) {
    const entity = entities[by[i]!]!;
    if (entity < 0) return -1;
    key = key * keyBits + entity;
  }
  return key;
}

function modulo(value: number, of: number): number {
  return ((value % of) + of) % of;
}
