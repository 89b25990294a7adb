import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { SweepReport } from '../../../api/offline/tune/index.ts';
import { sweepPage } from '../../../scripts/reports/sweep-page.ts';
import { temporaryFolder } from '../../data-folders.ts';
import { pinwalk } from '../command.ts';
import { writeCircles, writeSweep } from '../sweeps.ts';
import { parseXml, textsOf } from './xml.ts';

const folder = temporaryFolder(afterAll);
writeCircles(folder);
const defaults = [
  'saves: { train: circles.tsv, holdOut: 0.2 }',
  'validation: { holdOut: 0.2 }',
  'k: 5',
  'resamples: 200',
];
const provenance = { command: 'pinwalk', versions: [] };

async function swept(name: string, ...lines: string[]): Promise<{ report: SweepReport; page: string }> {
  const file = writeSweep(folder, `${name}.yaml`, [...defaults, ...lines]);
  const page = path.join(folder, `${name}.html`);
  const { code, stdout } = await pinwalk('sweep', file, '--threads', '1', '--json', '--html', page);
  expect(code).toBe(0);
  return { report: JSON.parse(stdout) as SweepReport, page: readFileSync(page, 'utf8') };
}

function svgsOf(page: string): ReturnType<typeof parseXml>[] {
  return [...page.matchAll(/<svg .*?<\/svg>/gs)].map(([svg]) => parseXml(svg));
}

describe('sweep --html', () => {
  test('the page of a grid has a heat map with a cell for each trial, and tables with their figures', async () => {
    const { report, page } = await swept(
      'grid',
      'search: { method: grid }',
      'space: [{ algorithm: paths, params: { x: [0.5, 1], z: [0, 0.2, 0.4] } }]',
    );
    const map = svgsOf(page).find((svg) => svg.attributes['aria-label']!.startsWith('ndcg@5 by x and z'))!;
    const values = textsOf(map).map(Number);
    for (const { figures, interval } of report.trials) {
      expect(values).toContain(Number(figures.ndcg.toPrecision(4)));
      const [low, high] = [interval.low, interval.high].map((end) => end.toFixed(4));
      expect(page).toContain(`<td>${figures.ndcg.toFixed(4)} [${low}, ${high}]</td>`);
    }
    expect([...map.all('rect')]).toHaveLength(6);
    for (const warning of report.warnings)
      expect(page).toContain(warning.slice(1, 40).replaceAll("'", '&#39;'));
    expect(page).toContain(`${report.test!.difference.p.toFixed(4)} (paired test`);
    expect(page).not.toMatch(/NaN|undefined/);
    expect(sweepPage(report, provenance)).toBe(sweepPage(report, provenance));
  });

  test('the page of a halving has a plot for each parameter, with a point for each trial', async () => {
    const { report, page } = await swept(
      'halving',
      'search: { method: halving, trials: 9, eta: 3, usersMin: 20 }',
      'space: [{ algorithm: pixie, params: { steps: { from: 10, to: 900 }, lastHop: [drawn, spread] } }]',
    );
    const svgs = svgsOf(page);
    for (const param of ['steps', 'lastHop']) {
      const plot = svgs.find(({ attributes }) => attributes['aria-label']!.endsWith(`by ${param}`))!;
      const legend = report.rungs.length;
      expect([...plot.all('circle')].length).toBe(report.trials.length + legend);
    }
    expect(page).toContain('round 1');
    expect(page).not.toMatch(/NaN|undefined/);
  });
});
