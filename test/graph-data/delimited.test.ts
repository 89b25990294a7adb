import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findDelimiter, splittingBy } from '../../graph-data/import/delimiter.ts';
import { DelimitedReader } from '../../graph-data/import/read-delimited.ts';
import type { Line } from '../../graph-data/import/read-lines.ts';
import { timeOf, timeParser } from '../../graph-data/import/time.ts';

const delimiters = [',', ';', '|', '\t'];

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .map((each, i) => ({ line: i + 1, text: each, end: '\n' as const }))
    .filter((line) => line.text !== '');
}

function recordsOf(text: string, delimiter: string, isCsv = true) {
  const reader = new DelimitedReader(splittingBy(delimiter, isCsv));
  return [...reader.push(linesOf(text)), ...reader.end()];
}

/** RFC 4180: in quotes where it has to be. */
function written(field: string, delimiter: string): string {
  const isPlain = field.trim() === field && !field.includes(delimiter) && !/["\n]/.test(field);
  return isPlain ? field : `"${field.replaceAll('"', '""')}"`;
}

describe('delimited records', () => {
  const field = fc.string({
    unit: fc.constantFrom('a', 'é', '😀', ' ', '"', '\n', ',', ';', '|', '\t', '0'),
    maxLength: 12,
  });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) =>
      fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    );

  test('fields survive a round trip through any delimiter', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(...delimiters), (rows, delimiter) => {
        const text = rows
          .map((row) => row.map((each) => written(each, delimiter)).join(delimiter))
          .join('\n');
        expect(recordsOf(text, delimiter).map(({ values }) => values)).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  test('findDelimiter detects the delimiter in the lines, whatever the file name suggests', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    const words = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(word, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 9 }),
      );
    const separators = fc.constantFrom(',', '\t', ';', '|', '::');
    fc.assert(
      fc.property(words, separators, separators, (rows, delimiter, preferred) => {
        const lines = rows.map((row) => ({ text: row.join(delimiter) }));
        expect(findDelimiter(lines, preferred)).toBe(delimiter);
      }),
    );
  });

  test('any number of spaces separates the fields of an edge list', () => {
    expect(findDelimiter([{ text: '1  2 5' }, { text: '1 13 4' }], '\t')).toBe('space');
    expect(recordsOf(' 1  2\t5\n1 13 4', 'space').map(({ values }) => values)).toEqual([
      ['1', '2', '5'],
      ['1', '13', '4'],
    ]);
  });

  test('a malformed text of many lines is one refused record, and none of its lines becomes a row', () => {
    const lines = [
      'pin,title,text',
      'r1,Bread,"Mix',
      'line, 1, of it',
      'no row',
      'say "hi"',
      'r2,Cake,short',
    ];
    const records = recordsOf(lines.join('\n'), ',');
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [1, undefined],
      [2, 'something follows a closing quote (lines 2 to 5)'],
      [6, undefined],
    ]);
  });

  test('a field of many megabytes with doubled quotes on each line is read in linear time', () => {
    const text = `a,"${'x ""y"" z\n'.repeat(200_000)}"`;
    const [record] = recordsOf(text, ',');
    expect(record!.fault).toBeUndefined();
    expect(String(record!.values[1]).length).toBe('x "y" z\n'.length * 200_000);
  });
});

describe('times', () => {
  const moment = fc.date({ min: new Date('1975-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

  test('timeOf returns the same value for all forms of a moment', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    fc.assert(
      fc.property(moment, fc.integer({ min: -12, max: 14 }), (date, hours) => {
        const ms = date.getTime();
        const local = new Date(ms + hours * 3_600_000).toISOString().slice(0, -1);
        const offset = `${hours < 0 ? '-' : '+'}${two(Math.abs(hours))}`;
        for (const form of [
          date.toISOString(),
          date.toISOString().replace('T', ' ').replace('Z', ' UTC'),
          `${local}${offset}`,
          `${local.replace('T', ' ')}${offset}`,
          `${local}${offset}:00`,
          ms,
          String(ms),
          ms * 1000,
          `${ms}000`,
          `${ms}000000`,
          BigInt(ms) * 1_000_000n,
          ms / 1000,
        ]) {
          expect(timeOf(form)).toBe(ms);
        }
      }),
    );
  });

  test('timeOf reads numbers like their digits, and refuses both if they are not a plausible time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger()), (value) => {
        expect(timeOf(value)).toBe(timeOf(String(value)));
      }),
    );
    for (const value of [0, 2013, 20_130_404, 201_304, 45_291, 45_291.5, NaN, Infinity]) {
      expect(timeOf(value)).toBeUndefined();
      expect(timeOf(String(value))).toBeUndefined();
    }
  });

  test('timeParser reads a given format in UTC and refuses others', () => {
    const parse = timeParser('%d/%m/%Y %H:%M');
    expect(parse('savedAt', '31/12/2023 09:05')).toBe(Date.UTC(2023, 11, 31, 9, 5));
    expect(() => parse('savedAt', '2023-12-31')).toThrow(
      'savedAt does not have the date format %d/%m/%Y %H:%M',
    );
    expect(() => timeParser('DD/MM/YYYY')).toThrow(/has no directive: write %d\/%m\/%Y/);
  });
});
