import type { Trial } from './trial.ts';

/** Every trial by its name, in the order of the table. */
export const trials: Readonly<Record<string, () => Promise<Trial>>> = {
  memory: async () => (await import('./memory.ts')).memory,
  starvation: async () => (await import('./starvation.ts')).starvation,
  'cross-site': async () => (await import('./cross-site.ts')).crossSite,
  kills: async () => (await import('./kills.ts')).kills,
  flips: async () => (await import('./flips.ts')).flips,
  holds: async () => (await import('./holds.ts')).holds,
  streams: async () => (await import('./streams.ts')).streamsOfOneKey,
};
