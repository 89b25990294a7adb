/** One condition of a filter, as typed. */
export interface FilterLine {
  readonly field: string;
  readonly condition: Condition;
  readonly value: string;
}

export const conditions = ['is', 'not', 'in', 'lt', 'lte', 'gt', 'gte', 'exists'] as const;
export type Condition = (typeof conditions)[number];

type Filter = Readonly<Record<string, unknown>>;

/** A filter of the API as lines to edit. */
export function linesOf(filter: Filter | undefined): FilterLine[] {
  return Object.entries(filter ?? {}).flatMap(([field, test]): FilterLine[] => {
    if (typeof test !== 'object' || test === null) return [{ field, condition: 'is', value: textOf(test) }];
    return Object.entries(test as Record<string, unknown>).flatMap(([condition, value]) =>
      isCondition(condition)
        ? [{ field, condition, value: Array.isArray(value) ? value.map(textOf).join(', ') : textOf(value) }]
        : [],
    );
  });
}

/** The complete lines as a filter of the API. */
export function filterOf(lines: readonly FilterLine[]): Filter | undefined {
  const filter: Record<string, unknown> = {};
  for (const { field, condition, value } of lines) {
    const isComplete = condition === 'exists' || value.trim() !== '';
    if (field.trim() === '' || !isComplete) continue;
    const before = filter[field];
    const others = typeof before === 'object' ? before : {};
    filter[field] =
      condition === 'is' ? scalar(value) : { ...others, [condition]: valueFor(condition, value) };
  }
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function valueFor(condition: Condition, value: string): unknown {
  if (condition === 'exists') return value.trim() !== 'false';
  if (condition !== 'in') return scalar(value);
  return value
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(scalar);
}

/** Text that looks like a number is a number, unless it is quoted. */
function scalar(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (/^".*"$/.test(trimmed)) return trimmed.slice(1, -1);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return typeof scalar(value) === 'string' ? value : `"${value}"`;
}

function isCondition(name: string): name is Condition {
  return (conditions as readonly string[]).includes(name);
}
