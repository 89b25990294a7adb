import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { LaunchOptions } from 'playwright-core';

const remedy = 'set PINWALK_CHROMIUM to the path of a Chromium or Chrome';
const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  // WebGL without a graphics card.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/**
 * Launch options of Playwright for the browser in PINWALK_CHROMIUM, or else for that of the npm package
 * @sparticuz/chromium, which is unpacked on first use (about 3 s, 220 MB). `missing` is the reason why neither runs here.
 */
export function chromiumOptions(): { readonly launch: LaunchOptions } | { readonly missing: string } {
  const named = process.env['PINWALK_CHROMIUM'];
  if (named !== undefined) return { launch: { executablePath: named, args } };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `the npm package's Chromium is built for Linux on x64 only: ${remedy}` };
  }
  const folder = unpacked();
  const executablePath = path.join(folder, 'chromium');
  const env = {
    ...process.env,
    // NSS and expat, which a minimal system lacks.
    LD_LIBRARY_PATH: path.join(folder, 'lib'),
    FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
  };
  try {
    execFileSync(executablePath, ['--version'], { env, stdio: 'pipe' });
  } catch (error) {
    const reason = (error as Error).message.trim().replaceAll(/\s+/g, ' ');
    return { missing: `the npm package's Chromium does not start on this machine (${reason}): ${remedy}` };
  }
  return { launch: { executablePath, env, args } };
}

/**
 * The folder of the unpacked browser. It is in node_modules, where no other user can place files, and which `npm ci`
 * removes. It appears by an atomic rename, so that two processes may unpack at the same time.
 */
function unpacked(): string {
  const { resolve } = createRequire(import.meta.url);
  const packed = path.join(path.dirname(resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(readFileSync(path.join(packed, 'package.json'), 'utf8')) as {
    version: string;
  };
  const caches = path.join(packed, '../../.cache');
  const folder = path.join(caches, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  mkdirSync(caches, { recursive: true });
  const unfinished = mkdtempSync(`${folder}-`);
  try {
    const read = (name: string): Buffer =>
      brotliDecompressSync(readFileSync(path.join(packed, 'bin', `${name}.br`)));
    writeFileSync(path.join(unfinished, 'chromium'), read('chromium'), { mode: 0o755 });
    for (const name of ['swiftshader.tar', 'al2023.tar', 'fonts.tar']) {
      execFileSync('tar', ['-x', '--no-same-owner', '-f', '-', '-C', unfinished], { input: read(name) });
    }
    // The package's own file looks for fonts in /tmp. With a single font, pages look the same on all machines.
    writeFileSync(
      path.join(unfinished, 'fonts.conf'),
      '<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n',
    );
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have created it.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
