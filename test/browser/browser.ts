import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { chromiumOptions } from '../../scripts/bench/chromium.ts';
import type { TestServer } from '../api/server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A browser for a suite. */
export interface TestBrowser {
  /** A page at a path of the server, in a profile of its own. It must not log an error nor ask any other host. */
  open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Says that a fault of the kind is meant to be: it has to have come by now. */
  expectFaults: (kind: RegExp) => void;
}

/** A small phone. */
export const phone = { width: 390, height: 844 } as const;

/**
 * Starts Chromium when the suite begins. After each test its pages are closed and must have had no faults.
 * Without a Chromium that runs here, every test of the suite is skipped; with CI set, the suite fails.
 */
export function browseForSuite(server: Pick<TestServer, 'url'>): TestBrowser {
  let browser: Browser;
  let faults: string[] = [];
  let missing: string | undefined;
  beforeAll(async () => {
    const chromiumHere = chromiumOptions();
    if ('launch' in chromiumHere) {
      browser = await chromium.launch(chromiumHere.launch);
      return;
    }
    if (process.env['CI']) throw new Error(chromiumHere.missing);
    missing = chromiumHere.missing;
  });
  beforeEach(({ skip }) => skip(missing !== undefined, missing));
  afterAll(async () => browser?.close());
  afterEach(async () => {
    const told = faults;
    faults = [];
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(told).toEqual([]);
  });
  return {
    expectFaults: (kind) => {
      expect(faults.filter((fault) => kind.test(fault))).not.toEqual([]);
      faults = faults.filter((fault) => !kind.test(fault));
    },
    open: async (path, options) => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        // Colours that are on their way are no colours to look at.
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      // A busy machine must not fail a test.
      page.setDefaultTimeout(300_000);
      page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
      page.on('console', (message) => {
        // What the server refuses is told there too, and is looked at by the tests themselves.
        const isOfAnswer = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isOfAnswer) faults.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(server.url) && !url.startsWith('data:')) faults.push(`asked for ${url}`);
      });
      await page.goto(server.url + path);
      return page;
    },
  };
}

/** Waits until every answer that the page has asked for is there. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator('[aria-busy="true"], .skeleton').count()).toBe(0);
}

/** What axe finds that is serious: nothing, it is hoped. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Evaluated by the debugger: the page's policy forbids scripts of others.
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>(`${axe}; axe.run({ resultTypes: ['violations'] })`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`));
}
