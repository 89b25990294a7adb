import type { FeatureDefinition, FeatureFields } from '../../engine/index.ts';

interface Event {
  readonly entities: readonly number[];
  readonly event: string;
  readonly amount: number;
  readonly time: number;
}

const hourMs = 3_600_000;

/** Features in UTC as their definitions say, from a list of all events: no tables, no columns, nothing kept. O(events) a feature. */
export function plainFeatures(
  definitions: readonly FeatureDefinition[],
  { entities: names, numbers: numberNames }: FeatureFields,
  events: readonly Event[],
  of: { readonly time: number; readonly entities: readonly number[]; readonly numbers: readonly number[] },
): number[] {
  const eventsOf = (by: readonly string[]): readonly Event[] => {
    const at = by.map((name) => names.indexOf(name));
    if (at.some((i) => of.entities[i]! < 0)) return [];
    return events.filter(({ entities }) => at.every((i) => entities[i] === of.entities[i]));
  };
  const count = (by: readonly string[], event: string, halfLifeHours = Infinity): number => {
    let [value, last] = [0, NaN];
    for (const each of [...eventsOf(by), { event: '', amount: 0, time: of.time }]) {
      if (each.time > last && value !== 0) value *= 2 ** (-(each.time - last) / hourMs / halfLifeHours);
      last = each.time;
      if (each.event === event) value += each.amount;
    }
    return value;
  };
  const rate = (by: readonly string[], definition: Extract<FeatureDefinition, { kind: 'rate' }>): number => {
    const { of: label, prior, halfLifeHours, within = [] } = definition;
    const [acted, shown] = [count(by, label, halfLifeHours), count(by, 'shown', halfLifeHours)];
    const outer = by.length === 0 ? 0.5 : rate(within.length < by.length ? within : [], { ...definition, within: [] }); // prettier-ignore
    return (acted + prior * outer) / (shown + prior);
  };
  return definitions.flatMap((definition): number[] => {
    switch (definition.kind) {
      case 'entity':
        return [];
      case 'number':
        return [of.numbers[numberNames.indexOf(definition.field)]!];
      case 'hour':
        return [new Date(of.time).getUTCHours()];
      case 'weekday':
        return [new Date(of.time).getUTCDay()];
      case 'since': {
        const last = eventsOf(definition.by).findLast(({ event }) => event === definition.of);
        return [last === undefined ? NaN : Math.log1p((of.time - last.time) / hourMs)];
      }
      case 'count':
        return [Math.log1p(count(definition.by, definition.of, definition.halfLifeHours))];
      default:
        return [rate(definition.by, definition)];
    }
  });
}
