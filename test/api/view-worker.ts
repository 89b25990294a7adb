import { runForParent } from '../../api/runtime/threads/index.ts';
import { createMemory } from '../../engine/wasm/index.ts';

/** A view of the first 400 bytes of a shared memory of that many bytes, of which none is written. */
await runForParent(({ bytes }: { readonly bytes: number }) => {
  return new Int32Array(createMemory(bytes, true).buffer, 0, 100);
});
