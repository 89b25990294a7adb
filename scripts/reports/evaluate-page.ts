import type { Report } from '../../api/offline/evaluate/index.ts';
import { accuracyMetrics } from '../../engine/index.ts';
import { headline } from './text/evaluate-text.ts';
import {
  activityIntervalsTable,
  differencesTable,
  figuresTable,
  popularityGroupName,
  popularityTable,
  reasonsTable,
  starText,
} from './text/evaluate-tables.ts';
import { draw } from './draw.ts';
import { type Html, html } from './html.ts';
import { type Section, figure, figures, pageText, table } from './page.ts';
import { classCurvesPlot } from './plots/class-curves.ts';
import { curvesDrawing } from './plots/curves.ts';
import { intervalPlot } from './plots/interval-plot.ts';
import { tradeOffPlot } from './plots/trade-off-plot.ts';
import { paramsSection } from './params-section.ts';
import type { Provenance } from './provenance.ts';
import { rangeText } from './text/format.ts';

/** Strengths with fewer recommended pins are not plotted: their precision is too noisy. */
const plottedPinsMin = 20;

/** The output of `pinwalk evaluate` as a page, with plots. */
export function evaluatePage(report: Report, provenance: Provenance): string {
  const { results, differences } = report;
  return pageText({
    title: `Evaluation of ${results.map(({ name }) => name).join(', ')}`,
    lead: `${headline(report)}.`,
    sections: [
      {
        title: 'Metrics',
        content: [
          figures(accuracyPlot(report), costPlot(report)),
          table({ caption: 'All metrics, as defined in docs/evaluation.md', ...figuresTable(report) }),
        ],
      },
      ...(differences.length === 0 ? [] : [differencesSection(report)]),
      {
        title: 'Users by their number of known pins',
        content: [
          figures(activityPlot(report, 'recall'), activityPlot(report, 'ndcg')),
          table({ caption: 'Groups of about equal numbers of users', ...activityIntervalsTable(report) }),
        ],
      },
      {
        title: 'Pins by their number of saves',
        content: [
          figures(popularityPlot(report, 'found'), popularityPlot(report, 'recommended')),
          table({ caption: 'Groups with a third of the saves each', ...popularityTable(report) }),
        ],
      },
      ...reasonsSection(report),
      { title: 'The graph', content: figures(degreesPlot(report)) },
      paramsSection(results),
    ],
    provenance,
  });
}

function accuracyPlot({ results, k, confidence }: Report): Html {
  const estimates = accuracyMetrics.flatMap((metric) =>
    results.map(({ name, intervals, [metric]: value }) => {
      return { name, row: `${metric}@${k}`, value, low: intervals[metric].low, high: intervals[metric].high };
    }),
  );
  return figure(
    intervalPlot('Accuracy of each setting, by metric', 'mean over users', estimates),
    `Means over users with ${100 * confidence} % intervals. Whether two settings differ is shown by their paired difference below, not by overlapping intervals.`,
  );
}

function costPlot({ results, k }: Report): Html {
  const points = results.map(({ name, recall, intervals, msPerQueryP50 }) => {
    return {
      name,
      cost: Math.max(msPerQueryP50, 1e-3),
      value: recall,
      low: intervals.recall.low,
      high: intervals.recall.high,
    };
  });
  return figure(
    tradeOffPlot(
      `recall@${k} against milliseconds per query`,
      'milliseconds per query, p50',
      `recall@${k}`,
      points,
    ),
    'Accuracy against latency. The dashed line joins the Pareto front: settings that no other beats in both.',
  );
}

function differencesSection(report: Report): Section {
  const { k, differences, resamples } = report;
  const shown = differences.filter(({ metric }) => metric === 'recall' || metric === 'ndcg');
  const estimates = shown.map(({ a, b, metric, mean, interval }) => {
    return {
      name: `${metric}@${k}`,
      row: `${a} − ${b}`,
      value: mean,
      low: interval.low,
      high: interval.high,
    };
  });
  return {
    title: 'Differences',
    content: [
      figures(
        figure(
          intervalPlot('Differences of settings over the same users', 'mean difference', estimates, true),
          'Over the same users. An interval that contains 0 shows no significant difference.',
        ),
      ),
      table({ caption: starText(differences, resamples), ...differencesTable(report) }),
    ],
  };
}

function activityPlot({ results, k }: Report, metric: 'recall' | 'ndcg'): Html {
  const estimates = results[0]!.byActivity.flatMap(({ pins }, i) =>
    results.map(({ name, byActivity }) => {
      const { low, high } = byActivity[i]!.intervals[metric];
      return { name, row: `${rangeText(pins.from, pins.to)} pins`, value: byActivity[i]![metric], low, high };
    }),
  );
  return figure(
    intervalPlot(`${metric}@${k} by the number of known pins of the user`, `${metric}@${k}`, estimates),
    `${metric} of users with few and with many known pins, with intervals over the users of the group.`,
  );
}

function popularityPlot({ results }: Report, what: 'found' | 'recommended'): Html {
  const estimates = results[0]!.byPopularity.flatMap((group, i) =>
    results.map(({ name, byPopularity }) => {
      const row = popularityGroupName(group);
      return { name, row, value: byPopularity[i]![what] };
    }),
  );
  const axis = { found: 'share of held-out pins found', recommended: 'share of all recommendations' }[what];
  return figure(
    intervalPlot(`The ${axis}, by the number of saves of the pin`, axis, estimates),
    what === 'found' ? 'Held-out pins found, by popularity.' : 'Recommended pins, by popularity.',
  );
}

function reasonsSection(report: Report): Section[] {
  const all = reasonsTable(report);
  if (all === undefined) return [];
  const { results, confidence } = report;
  const curves = results.map(({ name, reasons = [] }) => ({
    name,
    points: reasons
      .filter(({ pins }) => pins >= plottedPinsMin)
      .map(({ strength, share, interval }) => {
        return { class: classOf(strength.from), value: share, low: interval.low, high: interval.high };
      }),
  }));
  const strengths = results.flatMap(({ reasons = [] }) => reasons.map(({ strength }) => strength.from));
  const classes = [...new Set(strengths.toSorted((a, b) => a - b))].map(classOf);
  return [
    {
      title: 'Precision by strength of reasons',
      content: [
        html`<p>
          The strength of a reason is the number of boards that it names: 8 for “saved with x on 5 boards and
          with y on 3 boards”. Precision is the share of the recommended pins with reasons of that strength
          that were held out for the user. Users would like more than their held-out saves, so look at the
          order: stronger reasons should have a higher precision.
        </p>`,
        figures(
          figure(
            classCurvesPlot(
              'Precision of recommended pins by the strength of the reason',
              'boards that the reason names, lower end of the range',
              'precision',
              classes,
              curves,
            ),
            `With ${100 * confidence} % intervals, by a bootstrap over users. Strengths with fewer than ${plottedPinsMin} pins are only in the table.`,
          ),
        ),
        table({ caption: 'Precision, its interval, and the number of pins', ...all }),
      ],
    },
  ];
}

/** The label of a range of strengths, by its lower end: 0, 1, 2, 4 … 512, 1k, 2k. */
function classOf(from: number): string {
  return from < 1000 ? String(from) : `${Math.round(from / 1000)}k`;
}

function degreesPlot({ data: { degrees } }: Report): Html {
  const curve = (name: string, bins: typeof degrees.pins) => ({
    name,
    points: bins.map((bin) => ({ x: bin.degrees.from, y: bin.nodes })),
  });
  const drawing = curvesDrawing({
    title: 'Degree distributions of pins and boards',
    x: 'degree, lower end of the range',
    y: 'nodes',
    logX: true,
    logY: true,
    curves: [curve('pins by boards', degrees.pins), curve('boards by pins', degrees.boards)],
  });
  return figure(draw(drawing), 'Degrees in the train part, both axes logarithmic.');
}
