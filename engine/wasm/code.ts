/** Instructions of WebAssembly, as nested lists of bytes. An operand is the code that leaves its value on the stack. */
export type Code = readonly (number | Code)[];

/** The bytes of nested lists, appended to a list. */
export function bytesOf(code: Code, bytes: number[] = []): number[] {
  for (const each of code) {
    if (typeof each === 'number') bytes.push(each);
    else bytesOf(each, bytes);
  }
  return bytes;
}

/** An unsigned integer in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** A signed 32-bit integer in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  // Until the sign bit of the last byte says what remains.
  for (; rest < -0x40 || rest >= 0x40; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

/** A list behind its length. */
export function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), ...items];
}
