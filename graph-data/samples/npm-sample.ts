import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Extract } from 'tar-stream';
import type { DataFolder } from '../data-folder.ts';
import { partialSuffix, removeLeftovers } from '../durable-files.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import type { RowSource, SaveRow } from '../import/index.ts';

const packageSpec = 'dependent-packages@2.2.2';
const archiveName = 'dependent-packages-2.2.2.tgz';
const archiveSha512 =
  '6aebb5f2144e8c44b9c78f0bad2c1572006c6ede4f5916e0e34ac6783113afbe02813c8ccc9f81252ddfc7ff10b20f09ba380ac885a0d656b42b65535eabfe2b';
const fetchSecondsMax = 180;

/**
 * The npm dependency graph of January 2017, from the package dependent-packages (MIT). A package is a user with two
 * boards, "dependencies" and "devDependencies"; each dependency is a pin.
 */
export function npmSampleSources(archive: string): RowSource[] {
  return [
    { name: 'dependencies', rows: readArchive(archive, 'package/dependents.tgz', 'dependencies') },
    { name: 'devDependencies', rows: readArchive(archive, 'package/devDependents.tgz', 'devDependencies') },
  ];
}

/**
 * Downloads the sample's package into the data folder with `npm pack` (17 MB; it is not installed and runs no scripts),
 * unless it is there already. Returns the path of the archive. Throws `sample-unavailable` if npm fails or the checksum
 * is wrong, and `stopped` if the signal is aborted.
 */
export async function fetchNpmSample(folder: DataFolder, signal?: AbortSignal): Promise<string> {
  const archive = path.join(folder.downloads, archiveName);
  if (existsSync(archive) && isSound(archive)) return archive;
  removeLeftovers(folder.downloads);
  const partial = path.join(folder.downloads, `npm.${process.pid}${partialSuffix}`);
  mkdirSync(partial, { recursive: true });
  try {
    await npmPack(partial, signal);
    const fetched = path.join(partial, archiveName);
    if (!isSound(fetched)) throw unavailable('the downloaded package has the wrong checksum');
    renameSync(fetched, archive);
    return archive;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

function isSound(archive: string): boolean {
  return createHash('sha512').update(readFileSync(archive)).digest('hex') === archiveSha512;
}

async function npmPack(destination: string, signal: AbortSignal | undefined): Promise<void> {
  const packArgs = [
    'pack',
    packageSpec,
    '--pack-destination',
    destination,
    '--ignore-scripts',
    '--loglevel=error',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-timeout=60000',
  ];
  // Within `npm run`, the variable has the path of the running npm; otherwise npm has to be on the PATH.
  const npm = process.env['npm_execpath'];
  const [command, args] =
    npm?.endsWith('.js') === true ? [process.execPath, [npm, ...packArgs]] : ['npm', packArgs];
  const child = spawn(command, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: fetchSecondsMax * 1000,
    ...(signal === undefined ? {} : { signal }),
  });
  const failure = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('close', (code) =>
      resolve(code === 0 ? undefined : `npm pack ended with ${code ?? 'a signal'}`),
    );
  });
  const errors = await text(child.stderr);
  const fault = await failure;
  if (signal?.aborted === true) throw stoppedError();
  if (fault !== undefined) throw unavailable(/^npm error (?:code )?(.+)$/m.exec(errors)?.[1] ?? fault);
}

function unavailable(why: string): DataError {
  return new DataError(
    'sample-unavailable',
    `cannot fetch the npm sample (${why}). Offline, use the synthetic one: npm start -- --sample synthetic`,
  );
}

/** Streams an inner archive: for each package a JSON array of its dependents, `<folder>/<package>.json`. */
async function* readArchive(archive: string, inner: string, list: string): AsyncGenerator<SaveRow[]> {
  let batch: SaveRow[] = [];
  for await (const entry of await entriesOf(createReadStream(archive))) {
    if (entry.header.name !== inner) {
      entry.resume();
      continue;
    }
    for await (const file of await entriesOf(entry)) {
      if (file.header.type !== 'file') {
        file.resume();
        continue;
      }
      const pin = /^[^/]*\/(.*)\.json$/s.exec(file.header.name)?.[1];
      if (pin === undefined) throw unavailable(`${archive} contains an unknown file, ${file.header.name}`);
      for (const user of JSON.parse(await text(file)) as string[]) {
        batch.push({ user, board: `${user}/${list}`, pin, savedAt: NaN, weight: NaN });
      }
      if (batch.length < 10_000) continue;
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

async function entriesOf(gzipped: AsyncIterable<unknown>): Promise<Extract> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  // Passes an error upstream on to the loop that reads the entries.
  pipeline(gzipped, createGunzip(), entries as unknown as Writable).catch((error: Error) =>
    entries.destroy(error),
  );
  return entries;
}
