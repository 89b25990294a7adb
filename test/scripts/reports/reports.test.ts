import { describe, expect, test } from 'vitest';
import { colourOf, draw, drawFile } from '../../../scripts/reports/draw.ts';
import { html } from '../../../scripts/reports/html.ts';
import { commandLine } from '../../../scripts/reports/provenance.ts';
import { figure, pageText, table } from '../../../scripts/reports/page.ts';
import { barPlot } from '../../../scripts/reports/plots/bar-plot.ts';
import { classCurvesPlot } from '../../../scripts/reports/plots/class-curves.ts';
import { curvesDrawing } from '../../../scripts/reports/plots/curves.ts';
import { heatMap } from '../../../scripts/reports/plots/heat-map.ts';
import { intervalPlot } from '../../../scripts/reports/plots/interval-plot.ts';
import { reliabilityDrawing } from '../../../scripts/reports/plots/reliability.ts';
import { paretoFront, tradeOffPlot } from '../../../scripts/reports/plots/trade-off-plot.ts';
import { parseXml, textsOf } from './xml.ts';

/** A title that must stay text. */
export const hostile = `<script>alert("1")</script> & 'x' ]]> <b title=\u0007 onload="y">\ud800`;

const estimates = ['recall', hostile].flatMap((row, i) =>
  ['one', hostile].map((name, j) => ({ name, row, value: 0.1 * (i + j), low: 0, high: 0.5 })),
);
const points = [
  { x: 1, y: 0.1 },
  { x: 1000, y: 0.25 },
  { x: 20, y: 0.2 },
];
const plots: Record<string, () => string> = {
  intervals: () => intervalPlot(hostile, hostile, estimates).toString(),
  curves: () =>
    draw(
      curvesDrawing({
        title: hostile,
        x: hostile,
        y: 'y',
        curves: [
          { name: hostile, points },
          { name: 'b', points },
        ],
      }),
    ).toString(),
  reliability: () =>
    draw(
      reliabilityDrawing(hostile, [
        { name: hostile, bins: [{ rows: 100, predicted: 0.1, observed: 0.12 }] },
        { name: 'b', bins: [{ rows: 9, predicted: 0.5, observed: 0 }] },
      ]),
    ).toString(),
  logarithmic: () =>
    draw(
      curvesDrawing({
        title: 't',
        x: 'x',
        y: 'y',
        logX: true,
        logY: true,
        curves: [{ name: hostile, points }],
      }),
    ).toString(),
  'trade-offs': () =>
    tradeOffPlot(hostile, 'x', 'y', [
      { name: hostile, cost: 1, value: 2 },
      { name: 'b', cost: 3, value: 4, low: 3, high: 5 },
    ]).toString(),
  'many trade-offs': () =>
    tradeOffPlot(
      't',
      'x',
      'y',
      Array.from({ length: 40 }, (_, i) => ({ name: hostile, cost: i + 1, value: i % 7 })),
    ).toString(),
  'heat map': () =>
    heatMap({
      title: hostile,
      x: 'x',
      y: 'y',
      value: 'v',
      cells: [
        { x: hostile, y: '1', value: 1 },
        { x: '2', y: '1', value: 3 },
      ],
    }).toString(),
  bars: () =>
    barPlot(hostile, 'x', [
      { row: hostile, name: hostile, value: 3 },
      { row: 'b', name: 'b', value: 0 },
    ]).toString(),
  classes: () =>
    classCurvesPlot(
      hostile,
      'x',
      'y',
      ['0', hostile],
      [{ name: hostile, points: [{ class: hostile, value: 1, low: 0, high: 2 }] }],
    ).toString(),
  file: () =>
    drawFile(curvesDrawing({ title: hostile, x: 'x', y: 'y', curves: [{ name: hostile, points }] })),
};

describe.each(Object.entries(plots))('plots: %s', (_, plot) => {
  const svg = plot();
  test('a plot is well-formed XML, and escapes a hostile name', () => {
    const root = parseXml(svg);
    expect(root.name).toBe('svg');
    expect(svg).not.toMatch(/<script|onload="|<b /);
    expect(textsOf(root).join(' ')).not.toMatch(/NaN|undefined|⚠/);
  });
  test('a plot has a label for screen readers', () => {
    expect(parseXml(svg).attributes).toMatchObject({ role: 'img', 'aria-label': expect.stringMatching(/./) });
  });
  test('a plot loads nothing, uses only colours of the page, and has no invalid coordinates', () => {
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|url\(|href|@import/);
    if (!svg.includes('<style>')) expect(svg).not.toMatch(/#[0-9a-f]{3,6}\b(?!;)/i);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
  test('a plot is the same bytes a second time', () => {
    expect(plot()).toBe(svg);
  });
});

test('a plot has each point at its coordinates', () => {
  const root = parseXml(
    draw(curvesDrawing({ title: 't', x: 'x', y: 'y', curves: [{ name: 'a', points }] })).toString(),
  );
  const circles = [...root.all('circle')].map(
    ({ attributes }) => [Number(attributes['cx']), Number(attributes['cy'])] as const,
  );
  expect(circles).toHaveLength(3);
  // Sorted by x, and these points ascend.
  expect(circles.map(([x]) => x)).toEqual(circles.map(([x]) => x).toSorted((a, b) => a - b));
  expect(circles.map(([, y]) => y)).toEqual(circles.map(([, y]) => y).toSorted((a, b) => b - a));
  const [first, second, third] = circles.map(([x]) => x);
  expect((second! - first!) / (third! - first!)).toBeCloseTo(19 / 999, 2);
  expect(textsOf(root)).toContain('a: 20, 0.2');
});

test('the Pareto front has the points that no other dominates', () => {
  const of = (...pairs: [number, number][]) => pairs.map(([cost, value]) => ({ cost, value }));
  expect(paretoFront(of([1, 1], [2, 3], [3, 2], [4, 4], [2, 2]))).toEqual(of([1, 1], [2, 3], [4, 4]));
  expect(paretoFront(of([1, 5], [2, 4]))).toEqual(of([1, 5]));
  expect(paretoFront(of([1, 1], [1, 1]))).toEqual(of([1, 1], [1, 1]));
});

test('colours repeat after seven names', () => {
  expect(colourOf(0)).toBe(colourOf(7));
  expect(new Set([0, 1, 2, 3, 4, 5, 6].map(colourOf)).size).toBe(7);
});

describe('pages', () => {
  const page = (): string =>
    pageText({
      title: hostile,
      lead: hostile,
      sections: [
        {
          title: hostile,
          content: [
            table({ caption: hostile, columns: ['a', hostile], rows: [[hostile, 1]] }),
            figure(intervalPlot('t', 'x', estimates), hostile),
            html`<p>${[hostile, undefined, false]}</p>`,
          ],
        },
      ],
      provenance: { command: hostile, versions: [{ name: 'pinwalk', version: '1' }] },
    });

  test('a page escapes hostile titles everywhere', () => {
    expect(page()).not.toMatch(/<script|<b title|onload="/);
    expect(page()).not.toContain('\u0007');
    expect(page().match(/&lt;script&gt;alert\(&quot;1&quot;\)/g)!.length).toBeGreaterThan(8);
    expect(page().isWellFormed()).toBe(true);
  });
  test('a page loads nothing and runs nothing', () => {
    expect(page()).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`);
    expect(page().replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|src=|href=/,
    );
  });
  test('a page has light and dark mode, and is the same bytes a second time', () => {
    expect(page()).toContain('@media (prefers-color-scheme:dark)');
    expect(page()).toBe(page());
  });
  test('a page has tables with scopes of headers, and captions', () => {
    expect(page()).toMatch(/<th scope="col">a<\/th>/);
    expect(page()).toMatch(/<th scope="row">&lt;script/);
    expect(page()).toMatch(/<caption>\s*<span>&lt;script/);
    expect(page()).toMatch(/<td>1<\/td>/);
  });
});

test('a command line is quoted for a shell', () => {
  expect(commandLine(['walk', '--pin', "it's", '--params', '{"x": 1}', 'a/b.tsv.gz'])).toBe(
    `pinwalk walk --pin 'it'\\''s' --params '{"x": 1}' a/b.tsv.gz`,
  );
});
