import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Report, openGraph, walk } from '../../../api/library/index.ts';
import { evaluatePage } from '../../../scripts/reports/evaluate-page.ts';
import { walkPage } from '../../../scripts/reports/walk-page.ts';
import { temporaryFolder } from '../../data-folders.ts';
import { pinwalk } from '../command.ts';
import { parseXml } from './xml.ts';

const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const hostile = '</td></table><script>alert(1)</script>';
const provenance = { command: 'pinwalk', versions: [{ name: 'pinwalk', version: '1' }] };

beforeAll(async () => {
  const saves = path.join(folder, 'saves.csv');
  const pins = path.join(folder, 'pins.csv');
  const rows = Array.from({ length: 240 }, (_, i) => `u${i % 40},p${(i * 7 + (i % 11)) % 31},${1 + (i % 5)}`);
  writeFileSync(saves, `user,pin,weight\n${rows.join('\n')}\n`);
  writeFileSync(
    pins,
    `pin,title\n${Array.from({ length: 31 }, (_, i) => `p${i},${hostile}${i}`).join('\n')}\n`,
  );
  await pinwalk('import', saves, pins, '--data', data);
  await pinwalk('build', '--data', data);
});

/** Checks what holds for every page. */
function check(page: string): void {
  expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
  expect(page).not.toMatch(/<script|NaN|undefined|\[object/);
  for (const [svg] of page.matchAll(/<svg .*?<\/svg>/gs)) expect(parseXml(svg).name).toBe('svg');
  expect(page.match(/<svg /g)!.length).toBe(page.match(/<figcaption>/g)!.length);
  // One main heading; boxes that scroll can be reached by keyboard, and have a label.
  expect(page.match(/<h1>/g)).toHaveLength(1);
  expect(page.match(/<table/g)!.length).toBe(
    page.match(/class="table" tabindex="0" role="region" aria-label="./g)!.length,
  );
}

describe('evaluate --html', () => {
  const file = path.join(folder, 'evaluate.html');
  const args = ['--data', data, '--hold-out', '0.3', '--k', '5', '--threads', '1'];
  const evaluated = pinwalkOnce(() =>
    pinwalk('evaluate', ...args, '--algorithms', 'pixie,paths,popular', '--json', '--html', file),
  );

  test('the page of evaluate has every figure of the JSON', async () => {
    const { code, stdout } = await evaluated();
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    const page = readFileSync(file, 'utf8');
    check(page);
    const four = (value: number): string => value.toFixed(4);
    for (const {
      recall,
      ndcg,
      map,
      gini,
      novelty,
      intervals,
      byActivity,
      byPopularity,
      reasons,
    } of report.results) {
      expect(page).toContain(
        `<td>${four(recall)} [${four(intervals.recall.low)}, ${four(intervals.recall.high)}]</td>`,
      );
      for (const value of [ndcg, map, gini]) expect(page).toContain(four(value));
      expect(page).toContain(`<td>${novelty.toFixed(2)}</td>`);
      for (const { ndcg: mean, intervals: about } of byActivity) {
        expect(about.ndcg.low).toBeLessThanOrEqual(mean);
        expect(page).toContain(`<td>${four(mean)} [${four(about.ndcg.low)}, ${four(about.ndcg.high)}]</td>`);
      }
      for (const group of byPopularity)
        expect(page).toContain(`<td>${four(group.found)} / ${four(group.recommended)}</td>`);
      expect(reasons!.length).toBeGreaterThan(0);
      for (const { share, interval, pins } of reasons!) {
        expect(page).toContain(
          `<td>${four(share)} [${four(interval.low)}, ${four(interval.high)}] of ${pins}</td>`,
        );
      }
    }
    for (const { p, pHolm } of report.differences) {
      expect(page).toContain(`<td>${four(p)}</td>`);
      expect(page).toContain(`<td>${four(pHolm)}</td>`);
    }
    expect(page).toContain('<th scope="row">popularityDiscount</th>');
  });

  test('the page of evaluate is the same bytes for the same report, with the command as typed', async () => {
    const report = JSON.parse((await evaluated()).stdout) as Report;
    expect(evaluatePage(report, provenance)).toBe(evaluatePage(report, provenance));
    const page = readFileSync(file, 'utf8');
    expect(page).toContain(`--algorithms pixie,paths,popular --json --html ${file}</pre>`);
    expect(page).not.toContain(process.cwd());
  });
});

describe('walk --html', () => {
  const file = path.join(folder, 'walk.html');

  test('the page of walk has the figures of the JSON, and escapes hostile titles', async () => {
    const query = ['--pin', 'p1', '--pin', 'p2', '--steps', '2000', '--trace', '3', '--data', data];
    const { code, stdout } = await pinwalk('walk', ...query, '--json', '--html', file);
    expect(code).toBe(0);
    const diagnostics = JSON.parse(stdout);
    const page = readFileSync(file, 'utf8');
    check(page);
    for (const { score, visits, reason } of diagnostics.items) {
      expect(page).toContain(`<td>${score.toPrecision(4)}</td>`);
      expect(page).toContain(`<td>${visits.toLocaleString('en-US')}</td>`);
      expect(page).toContain(reason.text);
    }
    for (const { overlap } of diagnostics.convergence)
      expect(page).toContain(`<td>${overlap.toFixed(4)}</td>`);
    expect(page).toContain('&lt;/td&gt;&lt;/table&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.match(/<tr>/g)!.length).toBeGreaterThan(
      diagnostics.items.length + diagnostics.convergence.length,
    );
  });

  test('the page of walk is the same bytes for the same walk', () => {
    using graph = openGraph(data);
    const page = (): string => walkPage(walk(graph, { query: [{ pin: 'p1' }] }), provenance);
    check(page());
    expect(page()).toBe(page());
  });

  test('the page of walk shows a query without recommendations', async () => {
    await pinwalk('import', loner(), '--data', data);
    await pinwalk('build', '--data', data);
    using graph = openGraph(data);
    const page = walkPage(walk(graph, { query: [{ pin: 'alone' }] }), provenance);
    check(page);
    expect(page).toContain('Walk from alone');
  });
});

function loner(): string {
  const file = path.join(folder, 'loner.csv');
  writeFileSync(file, 'user,pin\nhermit,alone\n');
  return file;
}

/** Runs a command on the first call, and returns its result on all calls. */
function pinwalkOnce<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let running: Promise<Result> | undefined;
  return () => (running ??= run());
}
