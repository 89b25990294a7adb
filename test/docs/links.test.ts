import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', ...docs];

/** Targets of relative links and images, outside of code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^ *```[^]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a page's headings, as on GitHub. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The broken links of a page. */
function broken(page: string, text: string): string[] {
  return linksOf(text).filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
    if (!existsSync(path.join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
}

describe('documentation', () => {
  test.each(pages)('%s has no broken link', (page) => {
    expect(broken(page, read(page))).toEqual([]);
  });
  test.each(pages)('%s names the host in its calls of curl, without which curl refuses them', (page) => {
    expect(read(page)).not.toMatch(/^curl [^\n]*(?<=[ '"]):\d+\//m);
  });
  test('detects links to a missing file and a missing heading', () => {
    const links = '[a](docs/none.md) [b](README.md#none) [c](README.md#rest) [d](https://nowhere.example)';
    expect(broken('README.md', links)).toEqual(['docs/none.md', 'README.md#none']);
  });
  test('docs/README.md links every page of its folder', () => {
    const linked = linksOf(read('docs/README.md'));
    const own = docs.filter((page) => path.posix.dirname(page) === 'docs' && page !== 'docs/README.md');
    expect(own.filter((page) => !linked.includes(path.posix.basename(page)))).toEqual([]);
  });
  test('README.md and ARCHITECTURE.md keep their size limits', () => {
    expect(statSync(path.join(root, 'README.md')).size).toBeLessThanOrEqual(8_192);
    expect(statSync(path.join(root, 'ARCHITECTURE.md')).size).toBeLessThanOrEqual(10_240);
  });
  test('every file and folder that ARCHITECTURE.md names exists', () => {
    const named = [
      ...read('ARCHITECTURE.md').matchAll(/`((?:engine|graph-data|api|scripts|test)\/[\w./-]*)`/g),
    ];
    expect(named.map((match) => match[1]!).filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
});
