import fc from 'fast-check';
import { z } from 'zod';

/** The parts of JSON Schema that zod emits. */
interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Record<string, JsonSchema>;
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Record<string, JsonSchema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** Maximum of array elements and optional properties: small requests find as much as large ones. */
const itemsMax = 4;
const optionalMax = 4;

/**
 * Values that a schema allows, or nearly. `known` are strings that the server knows, drawn wherever the schema allows any
 * string. `io` chooses the side of a transforming schema (`input` for bodies).
 */
export function arbitraryOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  known: readonly string[],
): fc.Arbitrary<unknown> {
  const root = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
  const text = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );

  function valueOf(part: JsonSchema): fc.Arbitrary<unknown> {
    if (part.$ref !== undefined) return valueOf(resolved(part.$ref));
    if (part.const !== undefined) return fc.constant(part.const);
    if (part.enum !== undefined) return fc.constantFrom(...part.enum);
    // An object's own choices only say which of its properties go together.
    const choices = part.type === 'object' ? undefined : (part.anyOf ?? part.oneOf);
    if (choices !== undefined) {
      const { anyOf: _anyOf, oneOf: _oneOf, ...common } = part;
      return fc.oneof(...choices.map((choice) => valueOf({ ...common, ...choice })));
    }
    if (part.allOf !== undefined) return valueOf(Object.assign({}, ...part.allOf) as JsonSchema);
    switch (part.type) {
      case 'string':
        return text.map((value) =>
          value.slice(0, part.maxLength ?? value.length).padEnd(part.minLength ?? 0, 'x'),
        );
      case 'integer':
        return numbers(part).map(Math.round);
      case 'number':
        return numbers(part);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array': {
        const minLength = part.minItems ?? 0;
        const maxLength = Math.max(minLength, Math.min(part.maxItems ?? itemsMax, itemsMax));
        return fc.array(valueOf(part.items ?? {}), { minLength, maxLength });
      }
      case 'object':
        return objectOf(part);
      default:
        return fc.oneof(text, fc.jsonValue({ maxDepth: 2 }));
    }
  }

  function resolved(ref: string): JsonSchema {
    return ref === '#' ? root : root.$defs![ref.split('/').at(-1)!]!;
  }

  /** Mostly near the lower end, so that most requests are fast; sometimes the ends themselves. */
  function numbers({ minimum, exclusiveMinimum, maximum }: JsonSchema): fc.Arbitrary<number> {
    const min = minimum ?? (exclusiveMinimum === undefined ? -1000 : exclusiveMinimum + 1e-9);
    const max = maximum ?? 1e9;
    const near = Math.min(max, min + 1000);
    return fc.oneof(
      { weight: 30, arbitrary: fc.double({ min, max: near, noNaN: true }) },
      { weight: 2, arbitrary: fc.constant(min) },
      { weight: 1, arbitrary: fc.constant(max) },
    );
  }

  function objectOf({
    properties = {},
    required = [],
    additionalProperties,
  }: JsonSchema): fc.Arbitrary<object> {
    const names = Object.keys(properties);
    const needed = required.filter((name) => properties[name]?.default === undefined);
    const optional = names.filter((name) => !needed.includes(name));
    const subset = (maxLength: number): fc.Arbitrary<string[]> =>
      fc.subarray(optional, { maxLength: Math.min(maxLength, optional.length) });
    // Usually one at most: fields that exclude each other would nearly always be refused.
    const some = fc.oneof({ weight: 3, arbitrary: subset(1) }, { weight: 1, arbitrary: subset(optionalMax) });
    const more =
      typeof additionalProperties === 'object'
        ? fc.dictionary(text, valueOf(additionalProperties), { maxKeys: 2 })
        : fc.constant({});
    return fc.tuple(some, more).chain(([chosen, extra]) => {
      const fields = [...needed, ...chosen].map((name) => [name, valueOf(properties[name]!)] as const);
      return fc.record(Object.fromEntries(fields)).map((value) => Object.assign({}, extra, value));
    });
  }

  const any = valueOf(root);
  // Refinements are not in the JSON Schema, such as that one of three fields is required.
  const valid = any.filter((value) => io === 'output' || schema.safeParse(value).success);
  return fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: any });
}
