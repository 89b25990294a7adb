import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Extract, extract } from 'tar-stream';
import type { DataFolder } from '../data-folder.ts';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import type { RowSource, SaveRow } from '../import/index.ts';

const packageSpec = 'dependent-packages@2.2.2';
const archiveName = 'dependent-packages-2.2.2.tgz';
const archiveSha512 =
  '6aebb5f2144e8c44b9c78f0bad2c1572006c6ede4f5916e0e34ac6783113afbe02813c8ccc9f81252ddfc7ff10b20f09ba380ac885a0d656b42b65535eabfe2b';
const fetchSecondsMax = 180;

/**
 * The npm dependency graph of January 2017, from the package dependent-packages (MIT): who depends on what.
 * A package is a user with two boards, "dependencies" and "devDependencies"; each dependency is a pin.
 */
export function npmSampleSources(archive: string): RowSource[] {
  return [
    { name: 'dependencies', rows: readArchive(archive, 'package/dependents.tgz', 'dependencies') },
    { name: 'devDependencies', rows: readArchive(archive, 'package/devDependents.tgz', 'devDependencies') },
  ];
}

/**
 * Fetches the sample's package into the data folder by `npm pack` (17 MB, never installed, no script of it
 * runs) and returns the archive's path; at once when it is there already. Throws `sample-unavailable` when
 * npm cannot get it, or when what it got is not the package that was published.
 */
export async function fetchNpmSample(folder: DataFolder, signal?: AbortSignal): Promise<string> {
  const archive = path.join(folder.downloads, archiveName);
  if (existsSync(archive) && isSound(archive)) return archive;
  mkdirSync(folder.downloads, { recursive: true });
  const partial = mkdtempSync(path.join(folder.downloads, 'partial-'));
  try {
    await npmPack(partial, signal);
    const fetched = path.join(partial, archiveName);
    if (!isSound(fetched)) throw unavailable('what npm fetched is not the published package');
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
  const words = [
    'pack',
    packageSpec,
    '--pack-destination',
    destination,
    '--ignore-scripts',
    '--loglevel=error',
  ];
  words.push('--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=60000');
  // Under `npm start` the running npm says where it is; elsewhere it has to be on the PATH.
  const npm = process.env['npm_execpath'];
  const [command, args] =
    npm?.endsWith('.js') === true ? [process.execPath, [npm, ...words]] : ['npm', words];
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
  const said = await text(child.stderr);
  const fault = await failure;
  if (signal?.aborted === true) throw stoppedError();
  if (fault !== undefined) throw unavailable(/^npm error (?:code )?(.+)$/m.exec(said)?.[1] ?? fault);
}

function unavailable(why: string): DataError {
  return new DataError(
    'sample-unavailable',
    `cannot fetch the npm sample (${why}). Without a network, use the synthetic one: npm start -- --sample synthetic`,
  );
}

/** Streams one inner archive: a JSON array of dependents a package, `<folder>/<package>.json`. */
async function* readArchive(archive: string, inner: string, list: string): AsyncGenerator<SaveRow[]> {
  let batch: SaveRow[] = [];
  for await (const entry of entriesOf(createReadStream(archive))) {
    if (entry.header.name !== inner) {
      entry.resume();
      continue;
    }
    for await (const file of entriesOf(entry)) {
      if (file.header.type !== 'file') {
        file.resume();
        continue;
      }
      const pin = /^[^/]*\/(.*)\.json$/s.exec(file.header.name)?.[1];
      if (pin === undefined) throw unavailable(`${archive} holds an unknown file, ${file.header.name}`);
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

function entriesOf(gzipped: AsyncIterable<unknown>): Extract {
  const entries = extract();
  // An error upstream ends the loop that reads the entries.
  pipeline(gzipped, createGunzip(), entries as unknown as Writable).catch((error: Error) =>
    entries.destroy(error),
  );
  return entries;
}
