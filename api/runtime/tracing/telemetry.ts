import { createRequire } from 'node:module';
import type * as Api from '@opentelemetry/api';
import { version } from '../../../graph-data/base/index.ts';

/**
 * The API of OpenTelemetry, as `prom-client` has loaded it: an import would load a second copy, for modules, at every start. Both share what
 * an SDK registers. Without an SDK, spans are empty objects that cost 0.1 µs.
 */
export const api: typeof Api = createRequire(import.meta.url)('@opentelemetry/api') as typeof Api;

let provider: Api.TracerProvider | undefined;
let tracer: Api.Tracer;

/** The tracer of the registered SDK. Not once and for all: an SDK may be registered later, with the other copy of the API. */
export function currentTracer(): Api.Tracer {
  const current = api.trace.getTracerProvider();
  if (current !== provider) {
    provider = current;
    tracer = current.getTracer('pinwalk', version);
  }
  return tracer;
}
