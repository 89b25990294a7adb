import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildCommand } from '../../scripts/commands/build.ts';
import { compareCommand } from '../../scripts/commands/compare.ts';
import { evaluateCommand } from '../../scripts/commands/evaluate.ts';
import { recommendCommand } from '../../scripts/commands/recommend.ts';
import { sampleCommand } from '../../scripts/commands/sample.ts';
import { serveCommand } from '../../scripts/commands/serve.ts';
import { sweepCommand } from '../../scripts/commands/sweep.ts';

interface Cell {
  readonly cell_type: 'code' | 'markdown';
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly { readonly output_type: string }[];
}

const docs = path.join(import.meta.dirname, '../../docs');
const read = (name: string): string => readFileSync(path.join(docs, name), 'utf8');
const notebookText = read('notebooks/pinwalk.ipynb');
const notebook = JSON.parse(notebookText) as { readonly nbformat: number; readonly cells: readonly Cell[] };
const sourceOf = ({ source }: Cell): string => (typeof source === 'string' ? source : source.join(''));
const sources = notebook.cells.map(sourceOf).join('\n');
const pages = `${sources}\n${read('python.md')}`;

const commands: Readonly<Record<string, Command>> = Object.fromEntries(
  [
    buildCommand(),
    compareCommand(),
    evaluateCommand(),
    recommendCommand(),
    sampleCommand(),
    serveCommand(),
    sweepCommand(),
  ].map((command) => [command.name(), command]),
);
const flagsOf = (name: string): (string | undefined)[] => {
  const command = commands[name]!;
  return [command, ...command.commands].flatMap(({ options }) => options.map(({ long }) => long));
};

test('the notebook ran from the first cell to the last, without an error', () => {
  expect(notebook.nbformat).toBe(4);
  const code = notebook.cells.filter((cell) => cell.cell_type === 'code');
  expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, i) => i + 1));
  const kinds = new Set(code.flatMap(({ outputs = [] }) => outputs.map((each) => each.output_type)));
  expect(kinds).not.toContain('error');
  // The last cell deletes the files; others that print nothing only define functions.
  const silent = code.filter(({ outputs = [] }) => outputs.length === 0);
  expect(silent).toEqual([code.at(-1)]);
});

test('the notebook is small, and holds no path of the machine that ran it', () => {
  expect(notebookText.length).toBeLessThan(60_000);
  expect(notebookText).not.toMatch(/\/(tmp|home|root|Users|work|usr|var)\/|[A-Z]:\\\\/);
});

test('every command and flag in the notebook and docs/python.md exists', () => {
  const calls = [
    ...[...sources.matchAll(/^ *pinwalk\(([^)]*)\)/gm)].map(([, call]) =>
      [...call!.matchAll(/"([^"]*)"/g)].map(([, word]) => word!),
    ),
    ...[...pages.matchAll(/(?:pinwalk -- |^\| `)([a-z][^`\n]*)/gm)].map(([, call]) => call!.split(' ')),
  ];
  expect(calls.length).toBeGreaterThan(6);
  for (const [name, ...words] of calls) {
    const flags = words.filter((word) => word.startsWith('--'));
    expect(Object.keys(commands)).toContain(name);
    expect(flags.filter((flag) => !flagsOf(name!).includes(flag))).toEqual([]);
  }
});

test('every route in the notebook and docs/python.md is one of docs/rest.md', () => {
  const known = [...read('rest.md').matchAll(/(?:GET|POST) (\/v1\/[\w/{}]*)/g)].map(
    ([, route]) => new RegExp(`^${route!.replaceAll(/\{\w+\}/g, '(\\{\\w+\\}|[^/]+)')}$`),
  );
  const used = [...pages.matchAll(/\/v1\/[\w/{}]+/g)].map(([route]) => route);
  expect(used.length).toBeGreaterThan(4);
  for (const route of used)
    expect(
      known.some((pattern) => pattern.test(route)),
      route,
    ).toBe(true);
});
