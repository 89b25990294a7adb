import type { IncomingHttpHeaders } from 'node:http';
import type { SpanContext } from '@opentelemetry/api';
import { api } from './telemetry.ts';

/** Version, trace, span, flags; later versions may append more. */
const traceparent = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * The sender's span by the headers `traceparent` and `tracestate`, for servers whose SDK has no propagator, or that have no SDK; undefined
 * if they are invalid. W3C Trace Context, section 3.2 (https://www.w3.org/TR/trace-context/#traceparent-header).
 */
export function senderOf(headers: IncomingHttpHeaders): SpanContext | undefined {
  const { traceparent: given, tracestate } = headers;
  const [, version, traceId = '', spanId = '', flags = '', more] =
    (typeof given === 'string' && traceparent.exec(given)) || [];
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  if (!api.isSpanContextValid(context) || (version === '00' && more !== undefined)) return undefined;
  return typeof tracestate === 'string'
    ? { ...context, traceState: api.createTraceState(tracestate) }
    : context;
}
