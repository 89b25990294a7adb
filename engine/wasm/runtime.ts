/** Memory that modules and typed arrays share. */
export interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** A compiled module. */
export interface Module {
  readonly [Symbol.toStringTag]?: string;
}

type Exported = (...parameters: number[]) => void;

/** What is used of the global; neither the language's library nor Node's types declare it. */
interface WebAssemblyGlobal {
  readonly Memory: new (pages: { initial: number; maximum?: number; shared?: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (
    module: Module,
    imports: { readonly memories: Readonly<Record<string, Memory>> },
  ) => { readonly exports: Readonly<Record<string, Exported>> };
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal };

/** Bytes that 32-bit addresses reach. */
export const memoryBytesMax: number = 2 ** 32;
const pageBytes = 2 ** 16;

/** Zeroed memory of at least that many bytes, at most {@link memoryBytesMax}. It takes no physical pages until it is written. */
export function createMemory(bytes: number, isShared = false): Memory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
}

export function compile(bytes: Uint8Array<ArrayBuffer>): Module {
  return new WebAssembly.Module(bytes);
}

/** The functions of a module on the memories that it imports. */
export function instantiate(
  module: Module,
  memories: Readonly<Record<string, Memory>>,
): Readonly<Record<string, Exported>> {
  return new WebAssembly.Instance(module, { memories }).exports;
}
