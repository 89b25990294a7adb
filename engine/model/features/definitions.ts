import { check } from '../../base/index.ts';

/** `shown` counts impressions; every other name is the label of an action. */
export const shown = 'shown';

/**
 * How a feature is computed: data, so that a model carries its features, and training and serving compute them alike.
 *
 * - `count`: the logarithm of 1 + impressions, or actions of a label, of the row's entities (`by`; none: of all), which decay
 *   by half in `halfLifeHours` (none: never).
 * - `rate`: actions of a label divided by impressions, both of the row's entities and decayed. `prior` impressions at the rate of
 *   `within`, a coarser set of entities (default: of all), are added, so that few impressions say little.
 * - `since`: the logarithm of 1 + hours since the last impression, or action, of the entities. NaN if there is none.
 * - `hour`, `weekday` (0: Sunday): of the impression in its time zone.
 * - `number`: given with the impression: the score of a walk, the rank, an age. NaN: unknown.
 * - `entity`: who or what itself, or a combination of them. For learners with hashed features only.
 */
export type FeatureDefinition =
  | {
      readonly kind: 'count';
      readonly of: string;
      readonly by: readonly string[];
      readonly halfLifeHours?: number;
    }
  | {
      readonly kind: 'rate';
      readonly of: string;
      readonly by: readonly string[];
      readonly within?: readonly string[];
      readonly halfLifeHours?: number;
      readonly prior: number;
    }
  | { readonly kind: 'since'; readonly of: string; readonly by: readonly string[] }
  | { readonly kind: 'hour' }
  | { readonly kind: 'weekday' }
  | { readonly kind: 'number'; readonly field: string }
  | { readonly kind: 'entity'; readonly by: readonly string[] };

/** The columns of the rows of a log, by name. */
export interface FeatureFields {
  /** Who and what an impression is of: user, pin, surface … */
  readonly entities: readonly string[];
  /** Given with an impression. */
  readonly numbers: readonly string[];
  /** Of actions. */
  readonly labels: readonly string[];
}

/** Entities that a feature may combine: their numbers share 53 bits. */
const combinedMax = 2;

/**
 * Throws `invalid-parameter` for a definition that names columns that the rows lack, or has an impossible
 * figure.
 */
export function checkDefinitions(definitions: readonly FeatureDefinition[], fields: FeatureFields): void {
  check(definitions.length > 0, 'features', 'there are none');
  for (const [i, definition] of definitions.entries()) {
    const field = `features[${i}]`;
    const known = (name: string, names: readonly string[], what: string): void =>
      check(names.includes(name), field, `there is no ${what} "${name}"; there are ${names.join(', ')}`);
    if (definition.kind === 'number') known(definition.field, fields.numbers, 'number');
    if ('of' in definition) {
      const names = definition.kind === 'rate' ? fields.labels : [shown, ...fields.labels];
      known(definition.of, names, 'label');
    }
    if (!('by' in definition)) continue;
    for (const by of [definition.by, 'within' in definition ? definition.within : []]) {
      for (const name of by) known(name, fields.entities, 'entity');
      check(by.length <= combinedMax, field, `combines more than ${combinedMax} entities`);
    }
    if (definition.kind === 'entity') check(definition.by.length > 0, field, 'names no entity');
    if (definition.kind === 'rate') {
      check(definition.prior > 0 && definition.prior < Infinity, field, 'prior is not a positive number');
    }
    if ('halfLifeHours' in definition) {
      const { halfLifeHours } = definition;
      check(halfLifeHours > 0 && halfLifeHours < Infinity, field, 'halfLifeHours is not a positive number');
    }
  }
}

/** A definition in words, such as `rate of click by user and surface, half-life 24 h`. Distinct definitions have distinct names. */
export function nameOf(definition: FeatureDefinition): string {
  const of = 'of' in definition ? ` of ${definition.of}` : '';
  const by = 'by' in definition && definition.by.length > 0 ? ` by ${definition.by.join(' and ')}` : '';
  const halfLife = 'halfLifeHours' in definition ? `, half-life ${definition.halfLifeHours} h` : '';
  const within = 'within' in definition ? ` within ${definition.within.join(' and ')}` : '';
  const prior = 'prior' in definition ? `, prior ${definition.prior}` : '';
  if (definition.kind === 'number') return definition.field;
  return `${definition.kind}${of}${by}${within}${halfLife}${prior}`;
}
