import type { Attributes, Span } from '@opentelemetry/api';
import { api, currentTracer } from './telemetry.ts';

/** A part of the time that a request took, in milliseconds since 1970. */
export interface Phase {
  readonly name: 'queue' | 'walk' | 'rows' | 'commit';
  readonly start: number;
  readonly end: number;
  readonly attributes?: Attributes;
}

/** Milliseconds since 1970 with fractions, which never go back within a thread. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Whether a span is active, so that phases should be recorded. */
export function isTraced(): boolean {
  return api.trace.getActiveSpan() !== undefined;
}

/** Adds a span for each phase under the span that is active. */
export function addPhases(phases: readonly Phase[]): void {
  if (api.trace.getActiveSpan()?.isRecording() !== true) return;
  for (const { name, start, end, attributes = {} } of phases)
    currentTracer().startSpan(name, { startTime: start, attributes }).end(end);
}

/** Runs work with the span as the active one. */
export function within<Result>(span: Span, work: () => Result): Result {
  return api.context.with(api.trace.setSpan(api.context.active(), span), work);
}
