declare const jsonOf: unique symbol;

/**
 * JSON text of a value of that type: what another thread has serialised already, still held to the response's schema by
 * the compiler.
 */
export type JsonText<Value> = string & { readonly [jsonOf]: Value };

export function jsonText<Value>(value: Value): JsonText<Value> {
  return JSON.stringify(value) as JsonText<Value>;
}

/** The text of an object with more fields before those of `rest`, which has at least one. */
export function prependFields<Fields extends object, Rest extends object>(
  fields: Fields,
  rest: JsonText<Rest>,
): JsonText<Fields & Rest> {
  return `${JSON.stringify(fields).slice(0, -1)},${rest.slice(1)}` as JsonText<Fields & Rest>;
}
