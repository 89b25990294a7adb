/** Memory that modules and typed arrays share. */
export interface Memory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** A compiled module. */
interface Module {
  readonly [Symbol.toStringTag]?: string;
}

/** By name. */
export type Functions = Readonly<Record<string, (...parameters: number[]) => void>>;

/** The used part of the global; neither the language's library nor Node's types declare it. */
interface WebAssemblyGlobal {
  readonly Memory: new (pages: { initial: number; maximum?: number; shared?: boolean }) => Memory;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (
    module: Module,
    imports: { readonly memories: Readonly<Record<string, Memory>> },
  ) => { readonly exports: Functions };
}

const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal };

const pageBytes = 2 ** 16;
/** Bytes that 32-bit addresses reach, less a page: V8 hands no view of a memory of exactly 4 GB to another thread (`messageerror`). */
export const memoryBytesMax: number = 2 ** 32 - pageBytes;

/** Zeroed memory of at least that many bytes, at most {@link memoryBytesMax}. It takes no physical pages until it is written. */
export function createMemory(bytes: number, isShared = false): Memory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
}

/** Functions of a module, linked to memories as they are needed. The module is compiled when first used. */
export class Linker {
  readonly #bytes: () => Uint8Array<ArrayBuffer>;
  #module: Module | undefined;
  /** The latest link, by one of its memories. */
  readonly #links = new WeakMap<Memory, Link>();

  constructor(bytes: () => Uint8Array<ArrayBuffer>) {
    this.#bytes = bytes;
  }

  /** The functions on these memories. Some 10 µs if others than before go with `changing`, the one that changes most often. */
  link(changing: Memory, memories: Readonly<Record<string, Memory>>): Functions {
    const known = this.#links.get(changing);
    if (known !== undefined && isSame(known.memories, memories)) return known.functions;
    this.#module ??= new WebAssembly.Module(this.#bytes());
    const functions = new WebAssembly.Instance(this.#module, { memories }).exports;
    this.#links.set(changing, { memories, functions });
    return functions;
  }
}

interface Link {
  readonly memories: Readonly<Record<string, Memory>>;
  readonly functions: Functions;
}

function isSame(some: Link['memories'], others: Link['memories']): boolean {
  for (const name in some) if (some[name] !== others[name]) return false;
  return true;
}
