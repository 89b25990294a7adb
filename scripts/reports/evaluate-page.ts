import type { Report } from '../../api/index.ts';
import { accuracyMetrics } from '../../engine/index.ts';
import { headline } from './text/report-text.ts';
import {
  activityIntervalsTable,
  differencesTable,
  figuresTable,
  popularityGroupName,
  popularityTable,
  reasonsTable,
  starText,
} from './text/report-tables.ts';
import { draw } from './draw.ts';
import { type Html, html } from './html.ts';
import { type Made, type Section, figure, figures, pageText, table } from './page.ts';
import { classCurvesPlot } from './plots/class-curves.ts';
import { curvesDrawing } from './plots/curves.ts';
import { intervalPlot } from './plots/interval-plot.ts';
import { tradeOffPlot } from './plots/trade-off-plot.ts';
import { rangeText } from './text/text-table.ts';
import { paramsTable } from './walk-page.ts';

/** Strengths of fewer recommended pins are not plotted: their shares are chance. */
const plottedPinsMin = 20;

/** What `pinwalk evaluate` prints, as a page, with plots. */
export function evaluatePage(report: Report, made: Made): string {
  const { results, differences } = report;
  return pageText({
    title: `Evaluation of ${results.map(({ name }) => name).join(', ')}`,
    lead: `${headline(report)}.`,
    sections: [
      {
        title: 'Figures',
        content: [
          figures(accuracyPlot(report), costPlot(report)),
          table({ caption: 'All figures; what each is, docs/evaluation.md tells', ...figuresTable(report) }),
        ],
      },
      ...(differences.length === 0 ? [] : [differencesSection(report)]),
      {
        title: 'Users by their number of known pins',
        content: [
          figures(activityPlot(report, 'recall'), activityPlot(report, 'ndcg')),
          table({ caption: 'Groups of about as many users each', ...activityIntervalsTable(report) }),
        ],
      },
      {
        title: 'Pins by their number of saves',
        content: [
          figures(popularityPlot(report, 'found'), popularityPlot(report, 'recommended')),
          table({ caption: 'Groups that have a third of the saves each', ...popularityTable(report) }),
        ],
      },
      ...reasonsSection(report),
      { title: 'The graph', content: figures(degreesPlot(report)) },
      {
        title: 'Parameters',
        content: results.map(
          ({ name, algorithm, params }) =>
            html`<h3>${name === algorithm ? name : `${name}: ${algorithm}`}</h3>
              ${Object.keys(params).length > 0 ? paramsTable(name, params) : html`<p>It has none.</p>`}`,
        ),
      },
    ],
    made,
  });
}

function accuracyPlot({ results, k, confidence }: Report): Html {
  const estimates = accuracyMetrics.flatMap((metric) =>
    results.map(({ name, intervals, [metric]: value }) => {
      return { name, row: `${metric}@${k}`, value, low: intervals[metric].low, high: intervals[metric].high };
    }),
  );
  return figure(
    intervalPlot('Accuracy of each setting, metric by metric', 'mean over users', estimates),
    `Means over users with ${100 * confidence} % intervals. Whether two differ is told by their difference, below, and not by whether intervals overlap.`,
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
      `recall@${k} against milliseconds a query`,
      'milliseconds a query, p50',
      `recall@${k}`,
      points,
    ),
    'What each costs and what it is worth. The dashed line joins those that none other beats in both.',
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
          intervalPlot('Differences of settings for the same users', 'mean difference', estimates, true),
          'For the same users: an interval that holds 0 tells nothing apart.',
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
  const told = { found: 'share of held-out pins found', recommended: 'share of all recommendations' }[what];
  return figure(
    intervalPlot(`The ${told}, by the number of saves of the pin`, told, estimates),
    what === 'found' ? 'Which held-out pins are found.' : 'Which pins are recommended.',
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
      title: 'Are reasons right?',
      content: [
        html`<p>
          The strength of a reason is the number of boards that it tells of: “saved with x on 5 boards and
          with y on 3 boards” has 8. Of the recommended pins with reasons of a strength, this share was held
          out for the user. Held-out saves are only some of what a user would like: look at whether stronger
          reasons are right more often.
        </p>`,
        figures(
          figure(
            classCurvesPlot(
              'Share of recommended pins that was right, by the strength of the reason',
              'boards that the reason tells of, from this many on',
              'share that was right',
              classes,
              curves,
            ),
            `With ${100 * confidence} % intervals, by a bootstrap over users. Strengths of fewer than ${plottedPinsMin} pins are in the table alone.`,
          ),
        ),
        table({ caption: 'Share that was right, its interval, and of how many pins', ...all }),
      ],
    },
  ];
}

/** 0, 1, 2, 4 … 512, 1k, 2k: the strengths from this one on, as the axis has room for it. */
function classOf(from: number): string {
  return from < 1000 ? String(from) : `${Math.round(from / 1000)}k`;
}

function degreesPlot({ data: { degrees } }: Report): Html {
  const curve = (name: string, bins: typeof degrees.pins) => ({
    name,
    points: bins.map((bin) => ({ x: bin.degrees.from, y: bin.nodes })),
  });
  const drawing = curvesDrawing({
    title: 'How many pins and boards have how many saves',
    x: 'saves, from this many to twice as many',
    y: 'how many',
    logX: true,
    logY: true,
    curves: [curve('pins by boards', degrees.pins), curve('boards by pins', degrees.boards)],
  });
  return figure(draw(drawing), 'Degrees in the train part, both axes logarithmic.');
}
