import type { RecommendedItem } from '../../api/contract/index.ts';
import { type WalkDiagnostics, convergenceParts } from '../../api/recommend/index.ts';
import { thousands } from '../output.ts';
import { draw } from './draw.ts';
import { type Html, type HtmlPart, html } from './html.ts';
import { figure, figures, pageText, table } from './page.ts';
import { paramsTable } from './params-section.ts';
import { barPlot } from './plots/bar-plot.ts';
import { curvesDrawing } from './plots/curves.ts';
import type { Provenance } from './provenance.ts';

/** Maximum number of query pins with their own colour; all others share one. */
const colouredMax = 6;
const barsMax = 20;
const others = 'other query pins';
const pathsShown = 100;

/** The output of `pinwalk walk` as a page, with plots. */
export function walkPage(diagnostics: WalkDiagnostics, provenance: Provenance): string {
  const { result, queryPins } = diagnostics;
  const { name, preset, params } = result.algorithm;
  const keys = queryPins.map(({ pin }) => pin);
  const first = keys.slice(0, 3).join(', ');
  const lead = `${preset ?? name}, seed ${result.randomSeed}, graph ${result.graphVersion}.`;
  return pageText({
    title: `Walk from ${keys.length > 3 ? `${first} and ${keys.length - 3} more` : first || 'a query without saves'}`,
    lead: result.missing.length === 0 ? lead : `${lead} Not in the graph: ${result.missing.join(', ')}.`,
    sections: [
      { title: 'Recommendations', content: [visitsPlot(diagnostics), itemsTable(diagnostics)] },
      ...(diagnostics.convergence.length === 0
        ? []
        : [{ title: 'Convergence', content: convergence(diagnostics) }]),
      { title: 'Steps', content: [stepsTable(diagnostics), queryPinsTable(diagnostics)] },
      ...(diagnostics.paths.length === 0 ? [] : [{ title: 'First paths', content: pathsTable(diagnostics) }]),
      { title: 'Parameters', content: paramsTable(preset ?? name, params) },
    ],
    provenance,
  });
}

function visitsPlot({ result: { items }, visits, queryPins }: WalkDiagnostics): HtmlPart {
  if (items.length === 0) return html`<p>No recommendations: the query has no boards in this graph.</p>`;
  const coloured = queryPins.slice(0, colouredMax).map(({ pin }) => pin);
  const bars = items.slice(0, barsMax).flatMap((item, place) =>
    [...coloured, undefined].map((pin) => ({
      row: `${item.rank} ${nameOf(item)}`,
      name: pin ?? others,
      value: visits[place]!.byQueryPin.filter((each) =>
        pin === undefined ? !coloured.includes(each.pin) : each.pin === pin,
      ).reduce((sum, each) => sum + each.visits, 0),
    })),
  );
  const used = queryPins.length > colouredMax ? bars : bars.filter(({ name }) => coloured.includes(name));
  const more = items.length > barsMax ? ` The first ${barsMax} of ${items.length}.` : '';
  return figures(
    figure(
      barPlot('Visits of each recommended item by query pin', 'visits', used, others),
      `Visits of each item, by the query pin where the walkers started. Items are in order of score.${more}`,
    ),
  );
}

function itemsTable({ result: { items }, visits }: WalkDiagnostics): HtmlPart {
  if (items.length === 0) return undefined;
  return table({
    caption: 'Recommendations, best first',
    areWords: true,
    columns: ['rank', 'item', 'score', 'visits', 'by query pin', 'reason'],
    rows: items.map((item, place) => [
      item.rank,
      nameOf(item),
      item.score.toPrecision(4),
      thousands(visits[place]!.total),
      visits[place]!.byQueryPin.slice(0, 5)
        .map(({ pin, visits: own }) => `${pin} ${thousands(own)}`)
        .join(', '),
      item.reason?.text ?? '',
    ]),
  });
}

function convergence({ convergence: parts, result }: WalkDiagnostics): Html[] {
  const drawing = curvesDrawing({
    title: `Share of the ${result.items.length} items that a shorter walk finds, against its steps`,
    x: 'steps',
    y: `share of the ${result.items.length}`,
    curves: [{ name: 'overlap', points: parts.map(({ steps, overlap }) => ({ x: steps, y: overlap })) }],
  });
  const caption =
    'The same walkers with the same random numbers, stopped earlier. Where the line is flat at 1, the list has converged.' +
    (result.algorithm.params['earlyStop'] === 'none'
      ? ''
      : ' Each of these walks applies the early stop itself.');
  return [
    figures(figure(draw(drawing), caption)),
    table({
      caption: 'Share of the list found',
      columns: ['part', 'steps', 'overlap'],
      rows: parts.map(({ steps, overlap }, i) => [
        `${i + 1}/${convergenceParts}`,
        thousands(steps),
        overlap.toFixed(4),
      ]),
    }),
  ];
}

function stepsTable({ steps, restarts, result }: WalkDiagnostics): Html {
  if (result.fallback !== null) {
    return html`<p>The query has no saves: no walk was run, and popular pins are recommended.</p>`;
  }
  const { expected, standardDeviation } = restarts;
  return table({
    caption: 'Steps of the walk',
    columns: ['', 'actual', 'expected'],
    rows: [
      [
        `steps${steps.stoppedEarly ? ', ended early' : ''}`,
        thousands(steps.walked),
        `${thousands(steps.planned)} planned`,
      ],
      ['second steps, for sharpening', thousands(steps.second), ''],
      [
        `restarts at probability ${restarts.probability}`,
        thousands(restarts.counted),
        `${thousands(Math.round(expected))} ± ${thousands(Math.round(standardDeviation))}`,
      ],
      ['lost steps', thousands(steps.lost), thousands(Math.round(steps.lostExpected))],
    ],
  });
}

function queryPinsTable({ queryPins, steps }: WalkDiagnostics): Html {
  return table({
    caption: 'Query pins',
    columns: ['pin', 'weight', 'boards', 'steps', 'share', 'restarts', 'lost'],
    rows: queryPins.map(({ pin, weight, boards, steps: own, restarts, lost }) => [
      pin,
      weight.toPrecision(3),
      thousands(boards),
      thousands(own),
      `${steps.walked === 0 ? 0 : ((100 * own) / steps.walked).toFixed(1)} %`,
      thousands(restarts),
      thousands(lost),
    ]),
  });
}

function pathsTable({ paths }: WalkDiagnostics): Html {
  const shown = paths.slice(0, pathsShown);
  const ends = { restart: 'restart at the query pin', lost: 'lost', steps: 'out of steps' };
  return table({
    caption: `Pin [board] pin …${paths.length > shown.length ? `: ${shown.length} of ${thousands(paths.length)}` : ''}`,
    areWords: true,
    columns: ['walker', 'path', 'end'],
    rows: shown.map(({ walker, nodes, ended }) => [
      walker,
      nodes.map((key, i) => (i % 2 === 0 ? key : `[${key}]`)).join(' '),
      ends[ended],
    ]),
  });
}

/** The title if there is one, otherwise the key. */
function nameOf({ pin, board, user, fields }: RecommendedItem): string {
  const title = fields?.['title'];
  return typeof title === 'string' && title !== '' ? title : (pin ?? board ?? user ?? '');
}
