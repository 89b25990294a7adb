import type { ResourceLimits } from 'node:worker_threads';

/**
 * Of each thread that lives as long as the server. V8 lets the young generation of a thread grow to 192 MiB before it
 * collects it more often: with three threads, that was half of the memory of a server under the largest requests
 * (docs/faults.md). Must be 3 × the size of a semi-space.
 */
export const threadLimits: ResourceLimits = { maxYoungGenerationSizeMb: 48 };
