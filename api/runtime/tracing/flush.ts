import { setTimeout } from 'node:timers/promises';
import { api } from './telemetry.ts';

/** A collector that does not respond must not delay the end of the process for longer. */
const flushMsMax = 2_000;

/** Makes the SDK, if there is one, send the spans that it holds. Never rejects: an SDK logs its own errors. */
export async function flushSpans(): Promise<void> {
  const provider = api.trace.getTracerProvider() as { readonly getDelegate?: () => unknown };
  const sdk = (provider.getDelegate?.() ?? provider) as { readonly forceFlush?: () => Promise<void> };
  const flushing = sdk.forceFlush?.();
  if (flushing === undefined) return;
  const timer = new AbortController();
  await Promise.race([
    flushing.catch(() => undefined),
    setTimeout(flushMsMax, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
}
