import type { oas31 } from 'zod-openapi';

type Schema = oas31.SchemaObject;

/**
 * Rewrites in place, without changing its meaning, valid JSON Schema that breaks client generators
 * (docs/rest.md names the generators):
 *
 * - a default makes a field of a request required in the types of openapi-typescript: the description states it instead
 * - openapi-python-client knows no `items: false`: a tuple of equal elements is an array of that length
 * - alternatives by `required` alone have no type anywhere: each becomes an object of its own
 */
export function suitGenerators(schema: Schema): void {
  describeDefault(schema);
  flattenTuple(schema);
  spellOutAlternatives(schema);
  for (const [name, value] of Object.entries(schema) as [string, unknown][]) {
    // A property may be named as a keyword.
    const inner = name === 'properties' ? Object.values(value as object) : [value].flat();
    for (const each of inner) if (typeof each === 'object' && each !== null) suitGenerators(each as Schema);
  }
}

function describeDefault(schema: Schema): void {
  if (!('default' in schema)) return;
  const stated = `Default: ${JSON.stringify(schema.default)}.`;
  const text = schema.description ?? '';
  delete schema.default;
  schema.description = text === '' ? stated : `${text}${/[.!?]$/.test(text) ? '' : '.'} ${stated}`;
}

function flattenTuple(schema: Schema): void {
  const [first, ...others] = schema.prefixItems ?? [];
  if (first === undefined || others.some((each) => JSON.stringify(each) !== JSON.stringify(first))) return;
  delete schema.prefixItems;
  schema.items = first;
}

/** `{ properties, oneOf: [{ required: ['pin'] }, …] }`: exactly one of the properties that the alternatives require. */
function spellOutAlternatives(schema: Schema): void {
  const names = (schema.oneOf ?? []).map((each) => ('required' in each ? each.required?.[0] : undefined));
  const { properties, type, additionalProperties, required = [] } = schema;
  if (properties === undefined || names.length === 0 || names.includes(undefined)) return;
  const alternatives = names as string[];
  for (const name of Object.keys(schema)) delete schema[name as keyof Schema];
  schema.oneOf = alternatives.map((name) => ({
    title: `${name[0]!.toUpperCase()}${name.slice(1)}Entry`,
    type: type!,
    properties: Object.fromEntries(
      Object.entries(properties).filter(([each]) => each === name || !alternatives.includes(each)),
    ),
    required: [name, ...required],
    additionalProperties: additionalProperties!,
  }));
}
