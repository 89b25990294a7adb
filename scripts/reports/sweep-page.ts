import type { SweepReport } from '../../api/offline/tune/index.ts';
import { marksText, settingText, testTable, testVerdict, tiesNotes, trialsTable } from './text/sweep-text.ts';
import { type Html, html } from './html.ts';
import { type Section, figure, figures, pageText, table } from './page.ts';
import { intervalPlot } from './plots/interval-plot.ts';
import { paretoFront, tradeOffPlot } from './plots/trade-off-plot.ts';
import { parameterPlots } from './sweep-parameters.ts';
import { paramsTable } from './params-section.ts';
import type { Provenance } from './provenance.ts';
import { countText } from './text/format.ts';

/** Maximum number of trials in the plot of intervals. */
const plottedMax = 20;

/** The output of `pinwalk sweep` as a page, with plots. */
export function sweepPage(report: SweepReport, provenance: Provenance): string {
  const { search, trials, rungs, chosen, test, warnings, metric, k, randomSeed } = report;
  const settings = countText(trials.length, 'setting');
  const rounds = rungs.length > 1 ? ` in ${rungs.length} rounds` : '';
  return pageText({
    title: `Sweep: ${search.method} search over ${settings}`,
    lead: `Chosen by ${metric}@${k} on the validation part${rounds}, seed ${randomSeed}: ${
      chosen === null ? 'none' : settingText(chosen.name, chosen.varied)
    }.${tiesNotes(report)
      .map((note) => ` ${note}`)
      .join('')}`,
    sections: [
      ...(warnings.length === 0
        ? []
        : [{ title: 'Warnings', content: warnings.map((warning) => html`<p>${sentence(warning)}</p>`) }]),
      ...(test === null ? [] : [testSection(report, test)]),
      {
        title: 'Trials on the validation part',
        content: [
          figures(trialsPlot(report), costPlot(report)),
          frontTable(report),
          table({ caption: marksText, areWords: true, ...trialsTable(report) }),
        ],
      },
      { title: 'Effect of each parameter', content: parameterPlots(report) },
      ...(chosen === null
        ? []
        : [
            {
              title: 'Chosen parameters',
              content: paramsTable(settingText(chosen.name, chosen.varied), chosen.params),
            },
          ]),
    ],
    provenance,
  });
}

function testSection(report: SweepReport, test: NonNullable<SweepReport['test']>): Section {
  const { metric, k } = report;
  const estimates = [
    { name: 'chosen', row: `${metric}@${k}`, of: test.chosen },
    { name: test.baseline.name, row: `${metric}@${k}`, of: test.baseline },
  ].map(({ name, row, of: { figures: all, interval } }) => {
    return { name, row, value: all[metric], low: interval.low, high: interval.high };
  });
  return {
    title: 'Chosen setting on the test part',
    content: [
      html`<p>${sentence(testVerdict(report, test))}</p>`,
      figures(
        figure(
          intervalPlot(`${metric}@${k} of the chosen setting and the baseline`, `${metric}@${k}`, estimates),
          'A single measurement on the test part, which had no influence on the choice.',
        ),
      ),
      table({ caption: 'The test part', ...testTable(report, test) }),
    ],
  };
}

/** The trials of the last round, all on the same users. */
function lastRound({ trials, rungs }: SweepReport): SweepReport['trials'] {
  return trials.filter(({ rung }) => rung === rungs.length);
}

function trialsPlot(report: SweepReport): Html {
  const { metric, k } = report;
  const last = lastRound(report);
  const estimates = last.slice(0, plottedMax).map(({ trial, figures: all, interval }) => {
    return {
      name: `${metric}@${k}`,
      row: `trial ${trial}`,
      value: all[metric],
      low: interval.low,
      high: interval.high,
    };
  });
  const more = last.length > plottedMax ? ` The best ${plottedMax} of ${last.length}.` : '';
  return figure(
    intervalPlot(`${metric}@${k} of each trial, best first`, `${metric}@${k}`, estimates),
    `Best first, with 95 % intervals.${more} Whether two trials differ is shown by their paired difference: see the marks in the table.`,
  );
}

interface Cost {
  readonly name: string;
  readonly trial: number;
  readonly cost: number;
  readonly value: number;
}

function costsOf(report: SweepReport): Cost[] {
  return lastRound(report).map(({ trial, name, varied, figures: all, measured }) => ({
    name: settingText(name, varied),
    trial,
    // The axis is logarithmic.
    cost: Math.max(measured.msPerQueryP50, 1e-3),
    value: all[report.metric],
  }));
}

function costPlot(report: SweepReport): Html {
  const { metric, k } = report;
  return figure(
    tradeOffPlot(
      `${metric}@${k} against milliseconds per query`,
      'milliseconds per query, p50',
      `${metric}@${k}`,
      costsOf(report),
    ),
    'Accuracy against latency. The dashed line joins the Pareto front: settings that no other beats in both.',
  );
}

function frontTable(report: SweepReport): Html {
  return table({
    caption: 'The Pareto front, fastest first',
    areWords: true,
    columns: ['trial', 'p50 ms', `${report.metric}@${report.k}`, 'setting'],
    rows: paretoFront(costsOf(report)).map(({ trial, cost, value, name }) => {
      return [trial, cost.toFixed(2), value.toFixed(4), name];
    }),
  });
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
