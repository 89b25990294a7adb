import { type Page, chromium } from 'playwright-core';
import { parseArgs } from 'node:util';
import { print } from '../output.ts';
import { chromiumOptions } from './chromium.ts';

/**
 * How fluid the drawn walk is: frames while it is zoomed, moved and pointed at, in a browser without a graphics card.
 * Needs a running server: node scripts/bench/frames.ts --url http://127.0.0.1:3000 --pin express --nodes 2000
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    pin: { type: 'string', default: 'express' },
    nodes: { type: 'string', default: '2000' },
  },
});

const wheelTurns = 60;
const moves = 200;

/** In the page: adds up what the page's own code takes in each frame. */
const timing = `
  const ask = window.requestAnimationFrame.bind(window);
  window.worked_ = 0;
  window.recording_ = 0;
  window.requestAnimationFrame = (work) => ask((at) => {
    const began = performance.now();
    try { work(at); } finally { window.worked_ += performance.now() - began; }
  });
  window.record_ = () => {
    window.frames_ = [];
    let before;
    const note = (at) => {
      if (before !== undefined) window.frames_.push([at - before, window.worked_]);
      before = at;
      window.worked_ = 0;
      window.recording_ = ask(note);
    };
    ask(note);
  };`;

interface Frame {
  /** From the frame before. */
  readonly gapMs: number;
  readonly workedMs: number;
}

async function framesDuring(page: Page, work: () => Promise<void>): Promise<Frame[]> {
  await page.evaluate('record_()');
  await work();
  const frames = await page.evaluate<[number, number][]>('cancelAnimationFrame(recording_); frames_');
  return frames.map(([gapMs, workedMs]) => ({ gapMs, workedMs }));
}

function tell(name: string, frames: readonly Frame[]): void {
  // Where nothing was to be drawn, there is nothing to learn.
  const busy = frames.filter(({ workedMs }) => workedMs > 0.2);
  const figures = [busy.map(({ gapMs }) => gapMs), busy.map(({ workedMs }) => workedMs)].flatMap((times) => {
    const sorted = times.toSorted((a, b) => a - b);
    return [0.5, 0.95, 1].map(
      (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))],
    );
  });
  const told = figures.map((figure) => (figure ?? NaN).toFixed(1).padStart(8)).join('');
  print(`${name.padEnd(10)}${String(busy.length).padStart(7)}${told}`);
}

const options = chromiumOptions();
if ('missing' in options) throw new Error(options.missing);
const browser = await chromium.launch(options.launch);
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript({ content: timing });
  const began = performance.now();
  await page.goto(`${values.url}/?view=walk&pin=${encodeURIComponent(values.pin)}&nodes=${values.nodes}`);
  await page.locator('.stage-tools').waitFor();
  const drawnMs = performance.now() - began;
  const moving = await framesDuring(page, () =>
    page.locator('.stage[data-state=settled]').waitFor({ timeout: 120_000 }),
  );
  const settledMs = performance.now() - began;
  const { x, y, width, height } = (await page.locator('.stage-canvas').boundingBox())!;
  const middle = [x + width / 2, y + height / 2] as const;
  await page.mouse.move(...middle);
  const zooming = await framesDuring(page, async () => {
    for (let i = 0; i < wheelTurns; i++) {
      await page.mouse.wheel(0, i < wheelTurns / 2 ? -120 : 120);
      await page.waitForTimeout(30);
    }
  });
  const pointing = await framesDuring(page, async () => {
    for (let i = 0; i < moves; i++) {
      // All over the middle, never twice on one spot.
      const [across, down] = [(i * 0.618) % 1, (i * 0.414) % 1];
      await page.mouse.move(x + width * (0.3 + 0.4 * across), y + height * (0.3 + 0.4 * down));
      await page.waitForTimeout(16);
    }
  });
  const label = await page.getByRole('img', { name: /^Where the walk/ }).getAttribute('aria-label');
  print(`${label}`);
  print(`drawn after ${drawnMs.toFixed(0)} ms, settled after ${settledMs.toFixed(0)} ms`);
  print('milliseconds           from frame to frame           of work in a frame');
  print(`${''.padEnd(10)} frames  median    95 %     max  median    95 %     max`);
  tell('settling', moving);
  tell('zooming', zooming);
  tell('pointing', pointing);
} finally {
  await browser.close();
}
