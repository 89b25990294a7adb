import { within } from './phases.ts';
import { api, currentTracer } from './telemetry.ts';

/** How a job has ended. */
interface End {
  readonly state: string;
  readonly problem: { readonly code: string } | null;
}

/**
 * Runs a job in a span of its own, under that of the request that started it, if any. `work` gets a function to
 * report the job's present step; changes become events.
 */
export async function runAsJob(
  kind: string,
  id: string,
  work: (onPhase: (phase: string) => void) => Promise<End>,
): Promise<void> {
  const span = currentTracer().startSpan(`job ${kind}`, { attributes: { 'pinwalk.job.id': id } });
  let latest: string | undefined;
  const onPhase = (phase: string): void => {
    if (phase !== latest) span.addEvent(phase);
    latest = phase;
  };
  const { state, problem } = await within(span, () => work(onPhase));
  span.setAttribute('pinwalk.job.state', state);
  if (problem !== null)
    span.setStatus({ code: api.SpanStatusCode.ERROR }).setAttribute('error.type', problem.code);
  span.end();
}
