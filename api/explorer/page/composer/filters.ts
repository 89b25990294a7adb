/** One condition of a filter, as it is typed. */
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
  return Object.entries(filter ?? {}).flatMap(([field, wish]): FilterLine[] => {
    if (typeof wish !== 'object' || wish === null) return [{ field, condition: 'is', value: told(wish) }];
    return Object.entries(wish as Record<string, unknown>).flatMap(([condition, value]) =>
      isCondition(condition)
        ? [{ field, condition, value: Array.isArray(value) ? value.map(told).join(', ') : told(value) }]
        : [],
    );
  });
}

/** Lines as a filter of the API; those that are not finished are left out. */
export function filterOf(lines: readonly FilterLine[]): Filter | undefined {
  const filter: Record<string, unknown> = {};
  for (const { field, condition, value } of lines) {
    const isFinished = condition === 'exists' || value.trim() !== '';
    if (field.trim() === '' || !isFinished) continue;
    const before = filter[field];
    const others = typeof before === 'object' ? before : {};
    filter[field] = condition === 'is' ? scalar(value) : { ...others, [condition]: wished(condition, value) };
  }
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function wished(condition: Condition, value: string): unknown {
  if (condition === 'exists') return value.trim() !== 'false';
  if (condition !== 'in') return scalar(value);
  return value
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(scalar);
}

/** What looks like a number is one; in quotes, it is text. */
function scalar(text: string): string | number | boolean {
  const trimmed = text.trim();
  if (/^".*"$/.test(trimmed)) return trimmed.slice(1, -1);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

function told(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return typeof scalar(value) === 'string' ? value : `"${value}"`;
}

function isCondition(name: string): name is Condition {
  return (conditions as readonly string[]).includes(name);
}
