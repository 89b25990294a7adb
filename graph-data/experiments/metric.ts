import { impression } from '../interactions/index.ts';

/** A number of one person: impressions, actions of a kind, or the sum of the values of these actions. */
export interface Quantity {
  /** `impression`, or the kind of the actions. */
  readonly kind: string;
  readonly isValue: boolean;
}

/** A metric: the mean of a quantity per person, or the sum of one over that of another. */
export interface Metric {
  readonly name: string;
  readonly numerator: Quantity;
  readonly denominator: Quantity | undefined;
}

const form = /^([^/~]+)(?:\/([^/~]+))?$/;
const valueSuffix = '.value';

/** The metric of a name such as `click/impressions`, `purchase` or `purchase.value`; undefined for any other text. */
export function metricOf(name: string): Metric | undefined {
  const [, numerator, denominator] = form.exec(name) ?? [];
  if (numerator === undefined) return undefined;
  return {
    name,
    numerator: quantityOf(numerator),
    denominator: denominator === undefined ? undefined : quantityOf(denominator),
  };
}

function quantityOf(text: string): Quantity {
  if (text === 'impressions') return { kind: impression, isValue: false };
  const isValue = text.endsWith(valueSuffix) && text.length > valueSuffix.length;
  return { kind: isValue ? text.slice(0, -valueSuffix.length) : text, isValue };
}
