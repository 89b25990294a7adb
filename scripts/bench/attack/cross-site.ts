import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Page, chromium } from 'playwright-core';
import { runCommand, startServer } from '../api/server-process.ts';
import { chromiumOptions } from '../chromium.ts';
import { crossSitePage } from './cross-site-page.ts';
import type { Outcome, Trial } from './trial.ts';

/** A name that the browser resolves to this machine: its pages are of another site than 127.0.0.1. */
const foreignHost = 'foreign.example';
const walk = '/v1/pins/pin-1/related';

/**
 * Pages of other origins, in a real browser, try to make a server without keys walk or write, by everything that a page
 * can do without reading the response. The server's own metrics count what it cost.
 */
export const crossSite: Trial = async ({ isSmall, folder: data }) => {
  const browserHere = chromiumOptions();
  if ('missing' in browserHere) {
    const held = isSmall && process.env['CI'] === undefined;
    return [{ name: 'cross-site/walks', load: 'not run', measured: browserHere.missing, bound: '0', held }];
  }
  const rounds = isSmall ? 1 : 25;
  await runCommand(
    'sample',
    'synthetic',
    '--data',
    data,
    '--pins',
    '200',
    '--boards',
    '400',
    '--saves',
    '4000',
  );
  await runCommand('build', '--data', data);
  const server = await startServer(data);
  const url = `http://127.0.0.1:${server.port}`;
  const pages = await serve(crossSitePage(url, walk, rounds));
  const { args = [], ...launch } = browserHere.launch;
  const rules = `--host-resolver-rules=MAP ${foreignHost} 127.0.0.1`;
  const browser = await chromium.launch({ ...launch, args: [...args, rules] });
  try {
    const { port } = pages.address() as AddressInfo;
    const page = await browser.newPage();
    const outcomes: Outcome[] = [];
    for (const [name, host] of [
      ['another site', foreignHost],
      ['another port', '127.0.0.1'],
    ] as const) {
      outcomes.push(...(await attackFrom(page, `http://${host}:${port}/`, url, name, rounds)));
    }
    return [...outcomes, await ownPage(page, `http://${foreignHost}:${port}/`, url)];
  } finally {
    await browser.close();
    pages.close();
    await server.stop();
  }
};

async function attackFrom(
  page: Page,
  from: string,
  url: string,
  name: string,
  rounds: number,
): Promise<Outcome[]> {
  const before = await costOf(url);
  await page.goto(from);
  await page.waitForFunction('document.title === "done"', undefined, { timeout: 120_000 + 10_000 * rounds });
  const kinds = Number(await page.evaluate('kinds'));
  await page.click('#walk');
  await page.waitForLoadState();
  const after = await costOf(url);
  const load = `a page of ${name}: ${kinds} kinds of requests, ${rounds} of each, and a link`;
  const [walks, changes] = [after.walks - before.walks, after.changes - before.changes];
  const refused = after.refused - before.refused;
  const refusedMin = kinds * rounds;
  return [
    {
      name: `cross-site/${name.replace(' ', '-')}`,
      load,
      measured: `${walks} units of work, ${changes} changes`,
      bound: '0, 0',
      held: walks === 0 && changes === 0,
    },
    {
      name: `cross-site/${name.replace(' ', '-')}-refused`,
      load,
      measured: `${refused} reached the server and were refused`,
      bound: `at least ${refusedMin}: otherwise nothing was tried`,
      held: refused >= refusedMin,
    },
  ];
}

/** That a link still opens the server's own page, whose requests do cost something: the metrics would have told. */
async function ownPage(page: Page, from: string, url: string): Promise<Outcome> {
  const before = await costOf(url);
  await page.goto(from);
  await page.click('#home');
  await page.waitForURL(`${url}/`);
  const status = Number(await page.evaluate(`fetch('${walk}').then(({ status }) => status)`));
  const work = (await costOf(url)).walks - before.walks;
  return {
    name: 'cross-site/own-page',
    load: 'a link of a foreign page to /, and a request of the page there',
    measured: `${status}, ${work} units of work`,
    bound: '200, above 0',
    held: status === 200 && work > 0,
  };
}

/** Work, changes and refusals so far. */
async function costOf(url: string): Promise<{ walks: number; changes: number; refused: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const sumOf = (metric: RegExp): number =>
    text
      .split('\n')
      .filter((line) => metric.test(line))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return {
    walks: sumOf(/^pinwalk_(work|steps)_total\b/),
    changes: sumOf(/^pinwalk_(changes|writes)_total\b/),
    refused: sumOf(/^pinwalk_problems_total\{.*"insufficient-scope"/),
  };
}

async function serve(html: string): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
