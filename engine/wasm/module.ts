import { type Code, bytesOf, unsigned, vector } from './code.ts';

/** Types of values by their codes. */
const types = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof types;

export interface ModuleFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

interface ImportedMemory {
  readonly name: string;
  readonly isShared: boolean;
}

/** Pages of 64 KB that 32-bit addresses reach. */
const pagesMax = 2 ** 16;

/** The bytes of a module that imports memories, numbered in their order, and exports functions without results. */
export function encodeModule(
  memories: readonly ImportedMemory[],
  functions: readonly ModuleFunction[],
): Uint8Array<ArrayBuffer> {
  const imports = memories.map(({ name, isShared }) => {
    const limits = [isShared ? 3 : 1, 0, unsigned(pagesMax)];
    return [text('memories'), text(name), 2, limits];
  });
  return Uint8Array.from(
    bytesOf([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(
        1,
        functions.map(({ parameters }) => [0x60, vector(parameters.map(codeOf)), 0]),
      ),
      section(2, imports),
      section(
        3,
        functions.map((_, i) => unsigned(i)),
      ),
      section(
        7,
        functions.map(({ name }, i) => [text(name), 0, unsigned(i)]),
      ),
      section(
        10,
        functions.map(({ locals, body }) =>
          sized([vector(locals.map((type) => [1, codeOf(type)])), body, 0x0b]),
        ),
      ),
    ]),
  );
}

function codeOf(type: ValueType): Code {
  return [types[type]];
}

function section(id: number, items: readonly Code[]): Code {
  return [id, sized(vector(items))];
}

/** Code behind its length in bytes. */
function sized(code: Code): Code {
  const bytes = bytesOf(code);
  return [unsigned(bytes.length), bytes];
}

function text(ascii: string): Code {
  return [unsigned(ascii.length), Array.from(ascii, (letter) => letter.charCodeAt(0))];
}
