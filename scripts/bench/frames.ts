import { type Page, chromium } from 'playwright-core';
import { parseArgs } from 'node:util';
import { print } from '../output.ts';
import { chromiumOptions } from './chromium.ts';

/**
 * Measures the frame times of a drawn walk while it settles and during zooming and hovering, without a graphics card.
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

/** Runs in the page: measures the time of the page's own code in each frame. */
const timing = `
  const requestFrame = window.requestAnimationFrame.bind(window);
  window.worked_ = 0;
  window.recording_ = 0;
  window.requestAnimationFrame = (callback) => requestFrame((time) => {
    const start = performance.now();
    try { callback(time); } finally { window.worked_ += performance.now() - start; }
  });
  window.record_ = () => {
    window.frames_ = [];
    let before;
    const record = (time) => {
      if (before !== undefined) window.frames_.push([time - before, window.worked_]);
      before = time;
      window.worked_ = 0;
      window.recording_ = requestFrame(record);
    };
    requestFrame(record);
  };`;

interface Frame {
  /** Since the previous frame. */
  readonly gapMs: number;
  readonly workedMs: number;
}

async function framesDuring(page: Page, work: () => Promise<void>): Promise<Frame[]> {
  await page.evaluate('record_()');
  await work();
  const frames = await page.evaluate<[number, number][]>('cancelAnimationFrame(recording_); frames_');
  return frames.map(([gapMs, workedMs]) => ({ gapMs, workedMs }));
}

function printFrames(name: string, frames: readonly Frame[]): void {
  // Idle frames would hide the busy ones.
  const busy = frames.filter(({ workedMs }) => workedMs > 0.2);
  const figures = [busy.map(({ gapMs }) => gapMs), busy.map(({ workedMs }) => workedMs)].flatMap((times) => {
    const sorted = times.toSorted((a, b) => a - b);
    return [0.5, 0.95, 1].map(
      (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))],
    );
  });
  const cells = figures.map((figure) => (figure ?? NaN).toFixed(1).padStart(8)).join('');
  print(`${name.padEnd(10)}${String(busy.length).padStart(7)}${cells}`);
}

const options = chromiumOptions();
if ('missing' in options) throw new Error(options.missing);
const browser = await chromium.launch(options.launch);
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript({ content: timing });
  const start = performance.now();
  await page.goto(`${values.url}/?view=walk&pin=${encodeURIComponent(values.pin)}&nodes=${values.nodes}`);
  await page.locator('.stage-tools').waitFor();
  const drawnMs = performance.now() - start;
  const settling = await framesDuring(page, () =>
    page.locator('.stage[data-state=settled]').waitFor({ timeout: 120_000 }),
  );
  const settledMs = performance.now() - start;
  const { x, y, width, height } = (await page.locator('.stage-canvas').boundingBox())!;
  const middle = [x + width / 2, y + height / 2] as const;
  await page.mouse.move(...middle);
  const zooming = await framesDuring(page, async () => {
    for (let i = 0; i < wheelTurns; i++) {
      await page.mouse.wheel(0, i < wheelTurns / 2 ? -120 : 120);
      await page.waitForTimeout(30);
    }
  });
  const hovering = await framesDuring(page, async () => {
    for (let i = 0; i < moves; i++) {
      // A quasi-random sequence over the middle of the canvas.
      const [across, down] = [(i * 0.618) % 1, (i * 0.414) % 1];
      await page.mouse.move(x + width * (0.3 + 0.4 * across), y + height * (0.3 + 0.4 * down));
      await page.waitForTimeout(16);
    }
  });
  const label = await page.getByRole('img', { name: /^Where the walk/ }).getAttribute('aria-label');
  print(`${label}`);
  print(`drawn after ${drawnMs.toFixed(0)} ms, settled after ${settledMs.toFixed(0)} ms`);
  print('milliseconds           between frames                of work in a frame');
  print(`${''.padEnd(10)} frames     p50     p95     max     p50     p95     max`);
  printFrames('settling', settling);
  printFrames('zooming', zooming);
  printFrames('hovering', hovering);
} finally {
  await browser.close();
}
