import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../base/index.ts';

const folder = path.join(import.meta.dirname, 'page');

/**
 * Bundles the TypeScript and CSS of the page in memory: the texts of its files by name. The names change with the content, but for
 * `index.html`. Takes 0.13 to 0.5 s on a busy machine. esbuild runs in its own process: this thread is busy for 50 to 200 ms
 * in all, and for at most 61 ms at a time. Rejects when esbuild cannot run, with a problem when it is not installed.
 */
export async function bundlePage(): Promise<Map<string, string>> {
  // Imported late, because it loads slowly and many servers never have a visitor.
  const { build, stop } = await import('esbuild').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    const detail = 'this checkout was installed without what makes the page: run npm ci without --omit=dev';
    throw new Problem('unknown-route', detail);
  });
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['main.tsx', 'theme.ts', 'styles/page.css', 'walk-view/layout-worker.ts'],
    outdir: 'out',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  await stop();
  const texts = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  const html = await readFile(path.join(folder, 'index.html'), 'utf8');
  return texts.set(
    'index.html',
    html.replaceAll(/\{([\w-]+\.\w+)\}/g, (_, name: string) => nameOf(name, texts)),
  );
}

/** The name that esbuild gave to a file that the HTML calls `main.js`, for example. */
function nameOf(name: string, texts: ReadonlyMap<string, string>): string {
  const { name: stem, ext } = path.parse(name);
  return [...texts.keys()].find((each) => each.startsWith(`${stem}-`) && each.endsWith(ext)) ?? name;
}
