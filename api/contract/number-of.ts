/** A number in a query string as one; "" and " 1" are no numbers, and stay as they are. */
export function numberOf(text: unknown): unknown {
  return typeof text === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
