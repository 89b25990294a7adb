import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf, linesIn, type Line } from '../../graph-data/index.ts';

async function linesOfBlocks(bytes: Buffer, cuts: readonly number[], linesMax?: number): Promise<Line[]> {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const chunks = [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
  const lines: Line[] = [];
  let line = 1;
  for await (const block of blocksOf(
    (async function* () {
      yield* chunks;
    })(),
    linesMax,
  )) {
    expect(block.line).toBe(line);
    expect(block.lines).toBeLessThanOrEqual(linesMax ?? Infinity);
    line += block.lines;
    lines.push(...linesIn(block));
  }
  return lines;
}

test('lines are the same however bytes arrive and however blocks are cut', async () => {
  const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', '\n\n', '{"user":"ann"}'), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.nat(200)),
      fc.integer({ min: 1, max: 5 }),
      async (parts, cuts, linesMax) => {
        const whole = parts.join('');
        const expected = whole.split('\n').flatMap((raw, i) => {
          const line = raw.replace(/\r$/, '');
          return line === '' ? [] : [[i + 1, line]];
        });
        const lines = await linesOfBlocks(Buffer.from(whole), cuts, linesMax);
        expect(lines.map(({ line, text: each }) => [line, each])).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('a line that is too long is one block with a fault, and the lines after it keep their numbers', async () => {
  const bytes = Buffer.from(`first\n${'x'.repeat(3.5 * 2 ** 20)}\nthird\n`);
  const lines = await linesOfBlocks(bytes, [2 ** 20, 3.4 * 2 ** 20], 1);
  expect(lines.map(({ line, fault }) => [line, fault?.includes('longer') ?? false])).toEqual([
    [1, false],
    [2, true],
    [3, false],
  ]);
});
