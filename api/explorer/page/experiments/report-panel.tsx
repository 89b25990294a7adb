import type { JSX } from 'preact';
import { formatCount, formatPercent } from '../format/index.ts';
import type { ExperimentReportResponse } from '../rest/index.ts';
import { IntervalPlot } from './interval-plot.tsx';
import { type ArmEffect, type Metric, signedPercent, valueText, wordsOf } from './words.ts';

const tones: Readonly<Record<ExperimentReportResponse['state'], string>> = {
  planned: '',
  running: 'good',
  ended: 'busy',
};

/** The arms of an experiment, and what it has shown so far. */
export function ReportPanel({ report }: { report: ExperimentReportResponse }): JSX.Element {
  const { id, state, surface, start, end, arms, sampleRatio, inSeveralArms, metrics } = report;
  const [decides, ...guardrails] = metrics;
  return (
    <section class="panel stack" aria-labelledby="experiment-title">
      <div class="row apart">
        <h2 id="experiment-title">{id}</h2>
        <span class={`badge ${tones[state]}`}>{state}</span>
      </div>
      <p class="quiet small">
        On the surface {surface}, from {start.slice(0, 10)}
        {end !== null && ` to ${end.slice(0, 10)}`}.
      </p>
      {sampleRatio.isOff && (
        <div class="problem" role="alert">
          <p>
            <strong>People are not spread over the arms as intended.</strong> By chance, that happens less
            than once in 1,000 experiments: something assigns, loses or counts people unequally. Do not trust
            the effects.
          </p>
        </div>
      )}
      <ArmsTable arms={arms} />
      {inSeveralArms > 0 && (
        <p class="quiet small">
          {formatCount(inSeveralArms)} people have met several arms, and are left out.
        </p>
      )}
      {decides !== undefined && (
        <>
          <MetricTable metric={decides} />
          <IntervalPlot days={report.days} controlValue={decides.controlValue} />
        </>
      )}
      {guardrails.map((metric) => (
        <MetricTable key={metric.metric} metric={metric} />
      ))}
    </section>
  );
}

function ArmsTable({ arms }: Pick<ExperimentReportResponse, 'arms'>): JSX.Element {
  const all = arms.reduce((sum, { users }) => sum + users, 0);
  return (
    <table class="table table-auto arms">
      <thead>
        <tr>
          <th scope="col">Arm</th>
          <th scope="col" class="number">
            People
          </th>
          <th scope="col" class="number">
            Share
          </th>
          <th scope="col" class="number">
            Impressions
          </th>
        </tr>
      </thead>
      <tbody>
        {arms.map(({ name, users, share, impressions }, i) => (
          <tr key={name}>
            <th scope="row">
              {name} {i === 0 && <span class="quiet">control</span>}
            </th>
            <td class="number">{formatCount(users)}</td>
            <td class="number">
              {all === 0 ? '–' : formatPercent(users / all)}{' '}
              <span class="quiet">aim {formatPercent(share)}</span>
            </td>
            <td class="number">{formatCount(impressions)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MetricTable({ metric }: { metric: Metric }): JSX.Element {
  const { metric: name, role, controlValue, effects } = metric;
  return (
    <div class="stack tight">
      <h3>
        {name} <span class="quiet small">{role === 'decides' ? 'decides' : 'must not get worse'}</span>
      </h3>
      <p class="small number">
        {valueText(controlValue, name)} in the control
        {effects.map((effect) => (
          <span key={effect.arm}>
            {`, ${valueText(effect.value, name)} in ${effect.arm}${relative(effect, controlValue)}`}
          </span>
        ))}
      </p>
      <ul>
        {effects.map((effect) => (
          <li key={effect.arm} class={effect.isHarm ? 'warn' : ''}>
            <strong>{wordsOf(effect, metric)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The difference as a share of the control, with the interval that may be looked at on any day. */
function relative({ raw, adjusted }: ArmEffect, controlValue: number | null): string {
  const { difference, anyLook } = adjusted ?? raw;
  if (difference === null || anyLook.low === null || anyLook.high === null || !controlValue) return '';
  const [own, low, high] = [difference, anyLook.low, anyLook.high].map((each) =>
    signedPercent(each / controlValue),
  );
  return ` (${own}, ${low} to ${high})`;
}
