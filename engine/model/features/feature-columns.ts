import { type CounterColumn, Counters } from './counters.ts';
import { type FeatureDefinition, type FeatureFields, shown } from './definitions.ts';
import { ZoneClock } from './zone-clock.ts';

/** Impressions, or candidates, of one moment. With one of them, these are the fields of an impression. */
export interface Shown {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Numbers of entities, in the order of the fields, column by column: from 0 to 2^53; -1 for none. */
  readonly entities: ArrayLike<number>;
  /** In the order of the fields, column by column. */
  readonly numbers: ArrayLike<number>;
  /** Of the person. */
  readonly zone: string;
}

/** A set of entities that is counted. */
export interface Group {
  readonly by: readonly number[];
  readonly columns: CounterColumn[];
  counters: Counters;
}

/** The inputs of the features of candidates. */
interface FeatureRun {
  readonly of: Shown;
  readonly count: number;
  /** By group: the rows of its counters. */
  readonly rows: readonly Int32Array[];
  /** By group: whether all candidates have the same row. */
  readonly isShared: Uint8Array;
}

/** A feature of candidates: writes it, and says whether all have the same value, of which only the first is written then. */
export type FeatureColumn = (run: FeatureRun, out: Float64Array, at: number) => boolean;

const dayMs = 86_400_000;
const [hourMs, weekdayOfEpoch] = [3_600_000, 4];
const half = Float64Array.of(0.5);

/** Turns definitions into functions that compute a feature of all candidates in one pass. */
export class ColumnPlan {
  readonly groups: Group[] = [];
  readonly columns: readonly FeatureColumn[];
  readonly #fields: FeatureFields;
  readonly #clock = new ZoneClock();
  #scratch: Float64Array[] = [];

  constructor(definitions: readonly FeatureDefinition[], fields: FeatureFields) {
    this.#fields = fields;
    this.columns = definitions.flatMap((definition) => this.#columnOf(definition) ?? []);
    for (const group of this.groups) group.counters = new Counters(group.columns, 1 + fields.labels.length);
  }

  #columnOf(definition: FeatureDefinition): FeatureColumn | undefined {
    const clock = this.#clock;
    switch (definition.kind) {
      case 'entity':
        return undefined;
      case 'number': {
        const field = this.#fields.numbers.indexOf(definition.field);
        return ({ of: { numbers }, count }, out, at) => {
          const start = field * count;
          for (let i = 0; i < count; i++) out[at + i] = numbers[start + i]!;
          return count === 1;
        };
      }
      case 'hour':
        return ({ of: { time, zone } }, out, at) => {
          out[at] = Math.floor(modulo(clock.local(time, zone), dayMs) / hourMs);
          return true;
        };
      case 'weekday':
        return ({ of: { time, zone } }, out, at) => {
          out[at] = modulo(Math.floor(clock.local(time, zone) / dayMs) + weekdayOfEpoch, 7);
          return true;
        };
      case 'since': {
        const [group, event] = [this.#groupOf(definition.by), this.#eventOf(definition.of)];
        return ({ of: { time }, count, rows, isShared }, out, at) => {
          const isOne = isShared[group] === 1;
          this.groups[group]!.counters.sinceAt(rows[group]!, isOne ? 1 : count, event, time, out, at);
          return isOne;
        };
      }
      case 'count': {
        const { by, of, halfLifeHours } = definition;
        const [group, column] = this.#counterOf(by, this.#eventOf(of), halfLifeHours);
        return ({ of: { time }, count, rows, isShared }, out, at) => {
          const isOne = isShared[group] === 1;
          this.groups[group]!.counters.countsAt(rows[group]!, isOne ? 1 : count, column, time, out, at);
          return isOne;
        };
      }
      default:
        return this.#rateOf(definition);
    }
  }

  /**
   * A chain of rates, from the rate of everything to that of the entities: each is shrunk toward the one
   * before.
   */
  #rateOf(definition: Extract<FeatureDefinition, { kind: 'rate' }>): FeatureColumn {
    const { of, by, halfLifeHours, prior, within = [] } = definition;
    const middle = within.length > 0 && within.length < by.length ? [within] : [];
    const chain = [[], ...middle, ...(by.length > 0 ? [by] : [])].map((names) => {
      const [group, actions] = this.#counterOf(names, this.#eventOf(of), halfLifeHours);
      const [, impressions] = this.#counterOf(names, 0, halfLifeHours);
      return { group, columns: { actions, impressions, prior } };
    });
    return ({ of: { time }, count, rows, isShared }, out, at) => {
      let outer: Float64Array = half;
      let isOne = true;
      for (const [level, { group, columns }] of chain.entries()) {
        const stride = isOne ? 0 : 1;
        isOne &&= isShared[group] === 1;
        const isLast = level === chain.length - 1;
        const into = isLast ? out : this.#scratchAt(level, count);
        const { counters } = this.groups[group]!;
        counters.ratesAt(rows[group]!, isOne ? 1 : count, columns, time, outer, stride, into, isLast ? at : 0); // prettier-ignore
        outer = into;
      }
      return isOne;
    };
  }

  #scratchAt(level: number, count: number): Float64Array {
    if ((this.#scratch[level]?.length ?? 0) < count) this.#scratch[level] = new Float64Array(count);
    return this.#scratch[level]!;
  }

  #counterOf(
    by: readonly string[],
    event: number,
    halfLifeHours = Infinity,
  ): [group: number, column: number] {
    const group = this.#groupOf(by);
    const { columns } = this.groups[group]!;
    const known = columns.findIndex((each) => each.event === event && each.halfLifeHours === halfLifeHours);
    return [group, known < 0 ? columns.push({ event, halfLifeHours }) - 1 : known];
  }

  #groupOf(names: readonly string[]): number {
    const by = names.map((name) => this.#fields.entities.indexOf(name));
    const known = this.groups.findIndex((group) => group.by.join() === by.join());
    if (known >= 0) return known;
    return this.groups.push({ by, columns: [], counters: new Counters([], 0) }) - 1;
  }

  #eventOf(name: string): number {
    return name === shown ? 0 : 1 + this.#fields.labels.indexOf(name);
  }
}

function modulo(value: number, of: number): number {
  return ((value % of) + of) % of;
}
