import type { IncomingMessage } from 'node:http';
import type { Context, Span } from '@opentelemetry/api';
import { api, currentTracer } from './telemetry.ts';
import { senderOf } from './trace-context.ts';

/** Facts about a finished request. Not its path, which holds people's keys. */
interface RequestEnd {
  readonly method: string;
  /** The pattern of the route. */
  readonly route: string;
  /** Undefined when the client disconnected. */
  readonly status: number | undefined;
  readonly requestId: string;
  /** The code of the problem, if the response was one. */
  readonly problem: string | undefined;
}

/**
 * Starts the span of a request: under the active one, if an instrumentation of `node:http` has made it, otherwise under that of
 * the sender.
 */
export function startRequest({ method = 'GET', headers }: IncomingMessage): Span {
  const active = api.context.active();
  const isInner = api.trace.getSpan(active) !== undefined;
  const kind = isInner ? api.SpanKind.INTERNAL : api.SpanKind.SERVER;
  return currentTracer().startSpan(method, { kind }, isInner ? active : underSender(active, headers));
}

function underSender(active: Context, headers: IncomingMessage['headers']): Context {
  // By the format that the SDK was set to; most also register that of W3C.
  const extracted = api.propagation.extract(active, headers);
  if (headers['traceparent'] === undefined || api.trace.getSpanContext(extracted) !== undefined)
    return extracted;
  const sender = senderOf(headers);
  return sender === undefined ? extracted : api.trace.setSpanContext(extracted, sender);
}

/** The id of the request's trace; undefined without an SDK and a sender. */
export function traceIdOf(span: Span): string | undefined {
  const { traceId } = span.spanContext();
  return traceId === api.INVALID_TRACEID ? undefined : traceId;
}

/** Names follow OpenTelemetry's semantic conventions of HTTP servers. */
export function endRequest(span: Span, { method, route, status, requestId, problem }: RequestEnd): void {
  if (span.isRecording()) {
    span.updateName(`${method} ${route}`).setAttributes({
      'http.request.method': method,
      'http.route': route,
      'pinwalk.request_id': requestId,
      ...(status !== undefined && { 'http.response.status_code': status }),
      ...(problem !== undefined && { 'error.type': problem }),
    });
    if (status === undefined) span.addEvent('client disconnected');
    else if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR });
  }
  span.end();
}
