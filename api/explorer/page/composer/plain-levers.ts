import type { Parameter } from './catalog.ts';

/** How a setting of the engine is shown to people who do not know the engine. */
interface PlainText {
  readonly label: string;
  readonly about: string;
  /** Labels of the two ends of the slider. */
  readonly ends?: readonly [string, string];
}

/**
 * The settings that come first, in this order.
 */
const plainTexts: Readonly<Record<string, PlainText>> = {
  specificity: {
    label: 'Popular to specific',
    about: 'left: what everybody saves; right: what goes with this query in particular',
    ends: ['popular', 'specific'],
  },
  diversity: {
    label: 'Diversity',
    about: 'how different the items are from one another',
    ends: ['alike', 'varied'],
  },
  limit: { label: 'Limit', about: 'maximum number of items' },
};

/** The plain settings of some parameters, each with its text. */
export function plainLevers(parameters: readonly Parameter[]): (readonly [Parameter, PlainText])[] {
  return Object.entries(plainTexts).flatMap(([name, text]) => {
    const parameter = parameters.find((each) => each.name === name);
    return parameter === undefined ? [] : [[parameter, text] as const];
  });
}

/** Whether a setting is one of the engine's, which are folded away. */
export function isOfEngine({ name }: Parameter): boolean {
  return !Object.hasOwn(plainTexts, name);
}
