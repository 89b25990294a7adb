import type { FeatureDefinition, FeatureFields } from '../../engine/index.ts';

/** Labels of actions that are counted beside the one that is predicted. */
const otherLabelsMax = 6;

const rates = (of: string): FeatureDefinition[] => [
  { kind: 'rate', of, by: ['user'], prior: 5 },
  { kind: 'rate', of, by: ['pin'], prior: 20 },
];

/**
 * The features of a model of a data folder's own log. Counters of people are computed from the log whenever
 * they are needed; no weight belongs to a person, so a model keeps nothing of an erased person.
 */
export function ownFeatures({ labels }: FeatureFields, label: string): FeatureDefinition[] {
  const others = labels.filter((each) => each !== label).slice(0, otherLabelsMax);
  return [
    ...rates(label),
    { kind: 'rate', of: label, by: ['user'], prior: 2, halfLifeHours: 1 },
    { kind: 'rate', of: label, by: ['user'], prior: 3, halfLifeHours: 168 },
    { kind: 'rate', of: label, by: ['pin'], prior: 20, halfLifeHours: 24 },
    { kind: 'rate', of: label, by: ['surface'], prior: 20, halfLifeHours: 168 },
    { kind: 'rate', of: label, by: ['user', 'surface'], within: ['surface'], prior: 5 },
    { kind: 'rate', of: label, by: ['pin', 'surface'], within: ['pin'], prior: 20 },
    { kind: 'rate', of: label, by: ['user', 'pin'], within: ['user'], prior: 2 },
    ...others.flatMap(rates),
    { kind: 'count', of: 'shown', by: ['user'] },
    { kind: 'count', of: 'shown', by: ['user'], halfLifeHours: 0.5 },
    { kind: 'count', of: 'shown', by: ['user'], halfLifeHours: 168 },
    { kind: 'count', of: 'shown', by: ['pin'] },
    { kind: 'count', of: 'shown', by: ['user', 'pin'] },
    { kind: 'since', of: 'shown', by: ['user'] },
    { kind: 'since', of: 'shown', by: ['user', 'pin'] },
    { kind: 'since', of: label, by: ['user'] },
    { kind: 'hour' },
    { kind: 'weekday' },
    { kind: 'number', field: 'score' },
    { kind: 'number', field: 'rank' },
    { kind: 'entity', by: ['surface'] },
    { kind: 'entity', by: ['pipeline'] },
    { kind: 'entity', by: ['pin'] },
    { kind: 'entity', by: ['pin', 'surface'] },
  ];
}
