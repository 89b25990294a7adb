declare const jsonOf: unique symbol;

/**
 * JSON of a value of that type, in UTF-8: what another thread has serialised already, still held to the response's schema by
 * the compiler. Threads hand bytes over without a copy; texts would be copied, and then encoded, by the thread that receives.
 */
export type JsonBytes<Value> = Uint8Array<ArrayBuffer> & { readonly [jsonOf]: Value };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Its buffer holds nothing else. */
export function jsonBytes<Value>(value: Value): JsonBytes<Value> {
  return encoder.encode(JSON.stringify(value)) as JsonBytes<Value>;
}

export function valueOfJson<Value>(json: JsonBytes<Value>): Value {
  return JSON.parse(decoder.decode(json)) as Value;
}

/** JSON of a value of that type in parts, which are sent one after another. */
export class JsonParts<Value> {
  declare readonly [jsonOf]: Value;
  readonly parts: readonly (string | Uint8Array)[];

  constructor(parts: readonly (string | Uint8Array)[]) {
    this.parts = parts;
  }
}

/** An object with more fields before those of `rest`, which has at least one. Copies nothing. */
export function prependFields<Fields extends object, Rest extends object>(
  fields: Fields,
  rest: JsonBytes<Rest>,
): JsonParts<Fields & Rest> {
  return new JsonParts([`${JSON.stringify(fields).slice(0, -1)},`, rest.subarray(1)]);
}
