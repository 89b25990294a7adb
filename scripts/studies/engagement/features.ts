import type { FeatureDefinition } from '../../../engine/index.ts';

const rate = (of: string, by: readonly string[], prior: number, more: { halfLifeHours?: number; within?: readonly string[] } = {}): FeatureDefinition => ({ kind: 'rate', of, by, prior, ...more }); // prettier-ignore
const count = (of: string, by: readonly string[], halfLifeHours?: number): FeatureDefinition => ({ kind: 'count', of, by, ...(halfLifeHours !== undefined && { halfLifeHours }) }); // prettier-ignore
const since = (of: string, by: readonly string[]): FeatureDefinition => ({ kind: 'since', of, by });

/** Counters of a label for people, pins and pairs of both. */
const ratesOf = (of: string): FeatureDefinition[] => [
  rate(of, ['user'], 5),
  rate(of, ['pin'], 20),
  rate(of, ['user', 'tab'], 5, { within: ['tab'] }),
  rate(of, ['pin', 'tab'], 20, { within: ['pin'] }),
  rate(of, ['user', 'tag'], 3, { within: ['user'] }),
  rate(of, ['user', 'length'], 3, { within: ['user'] }),
  rate(of, ['author'], 20),
  rate(of, ['length', 'tab'], 50, { within: ['tab'] }),
];

/** Counters of the session so far, which predict the next click better than the hours before. */
const ofSession: FeatureDefinition[] = [
  ...['click', 'long', 'seconds'].map((of) => rate(of, ['user'], 1, { halfLifeHours: 0.2 })),
  count('shown', ['user'], 0.1),
  count('click', ['user'], 0.1),
  count('click', ['user'], 0.5),
  count('shown', ['user', 'tab'], 0.5),
  count('shown', ['user', 'tag'], 0.5),
  count('shown', ['user', 'tag'], 24),
  count('shown', ['user', 'author']),
  since('click', ['user', 'tab']),
  since('click', ['user', 'tag']),
  since('click', ['user', 'author']),
  since('shown', ['user', 'tag']),
  since('shown', ['user', 'author']),
  since('long', ['user']),
];

/** Counters of two things at once: for the models that choose, which have none of the person. The others lose by them. */
const crosses: FeatureDefinition[] = ['click', 'long', 'seconds', 'like'].flatMap((of) => [
  rate(of, ['tag', 'tab'], 30, { within: ['tab'] }),
  rate(of, ['author', 'tab'], 30, { within: ['author'] }),
  rate(of, ['pin', 'length'], 30, { within: ['pin'] }),
  rate(of, ['tag', 'length'], 30, { within: ['tag'] }),
]);

export const definitions: readonly FeatureDefinition[] = [
  ...['click', 'long', 'like', 'watched', 'seconds'].flatMap(ratesOf),
  ...['click', 'seconds'].flatMap((of) => [
    rate(of, ['user', 'tab'], 2, { within: ['tab'], halfLifeHours: 1 }),
    rate(of, ['user'], 3, { halfLifeHours: 24 }),
    rate(of, ['user', 'upload'], 3, { within: ['user'] }),
  ]),
  ...['click', 'long', 'like'].flatMap((of) => [
    rate(of, ['user', 'pin'], 1, { within: ['user'] }),
    rate(of, ['user', 'author'], 2, { within: ['user'] }),
    rate(of, ['music'], 20),
    rate(of, ['tags'], 20),
  ]),
  rate('click', ['pin'], 20, { halfLifeHours: 24 }),
  rate('click', ['tab'], 20, { halfLifeHours: 72 }),
  rate('like', ['tab'], 200, { halfLifeHours: 72 }),
  rate('like', ['user'], 2, { halfLifeHours: 1 }),
  rate('follow', ['user'], 10),
  rate('comment', ['user'], 10),
  ...ofSession,
  ...crosses,
  count('shown', ['user']),
  count('shown', ['user'], 0.5),
  count('shown', ['user'], 24),
  count('shown', ['pin']),
  count('shown', ['pin'], 24),
  count('shown', ['user', 'tab']),
  since('shown', ['user']),
  since('shown', ['user', 'tab']),
  since('shown', ['user', 'pin']),
  since('click', ['user']),
  since('like', ['user']),
  { kind: 'hour' },
  { kind: 'weekday' },
  ...['surface', 'length', 'age', 'follows', 'fans', 'friends', 'registered'].map(numberOf),
  ...['pinWatched', 'pinLong', 'pinLiked', 'userWatched', 'userLong', 'userLiked'].map(numberOf),
  ...['group1', 'group3'].map(numberOf),
  ...['walkLong', 'walkNearest', 'walkWatched', 'walkRatio'].map(numberOf),
  // For the hashed learner.
  { kind: 'entity', by: ['user'] },
  { kind: 'entity', by: ['pin'] },
  { kind: 'entity', by: ['author'] },
  { kind: 'entity', by: ['tags'] },
  { kind: 'entity', by: ['user', 'tab'] },
  { kind: 'entity', by: ['user', 'tag'] },
  { kind: 'entity', by: ['pin', 'tab'] },
];

function numberOf(field: string): FeatureDefinition {
  return { kind: 'number', field };
}

/**
 * The numeric features of a model that chooses among pins for a person: no counters of the person. Within one person these differ
 * only by what came before, and who has clicked by now has fewer clicks to come: a model that compares a person's rows
 * learns that, and it says nothing of the pins.
 */
export const columnsForChoosing: Int32Array = columnsOf(
  (definition) => !('by' in definition && definition.by.includes('user')),
);

/** The features of the other models, and their numeric ones among all. */
export const definitionsForSending: readonly FeatureDefinition[] = definitions.filter(
  (definition) => !crosses.includes(definition),
);
export const columnsForSending: Int32Array = columnsOf((definition) => !crosses.includes(definition));

function columnsOf(isIn: (definition: FeatureDefinition) => boolean): Int32Array {
  const numeric = definitions.filter(({ kind }) => kind !== 'entity');
  return Int32Array.from(numeric.flatMap((definition, column) => (isIn(definition) ? [column] : [])));
}
