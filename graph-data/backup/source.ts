import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { messageOf } from '../errors.ts';
import { backupUnusable } from './container.ts';
import { type Publication, contentName, latestName, parsePublication } from './published.ts';

/** A folder of publications: on this machine, or behind any web server that serves its files. */
export interface PublicationSource {
  /** As it was named. */
  readonly name: string;
  /** The latest publication. Throws `backup-unusable`. */
  readonly latest: (signal?: AbortSignal) => Promise<Publication>;
  /** The bytes of a content. */
  readonly open: (sha256: string, signal?: AbortSignal) => Promise<Readable>;
}

/** For `LATEST.json`. */
const latestMsMax = 30_000;

/** The source of this name; undefined if it is neither an address nor a folder with a publication. */
export function publicationAt(name: string): PublicationSource | undefined {
  if (/^https?:\/\//.test(name)) return atAddress(name);
  return existsSync(path.join(name, latestName)) ? inFolder(name) : undefined;
}

function inFolder(name: string): PublicationSource {
  return {
    name,
    latest: async () => parsePublication(name, readFileSync(path.join(name, latestName), 'utf8')),
    // Opened at once: a stream that fails to open would fail beside what already writes it.
    open: async (sha256) => {
      const file = await open(path.join(name, contentName(sha256)));
      return file.createReadStream({ highWaterMark: 2 ** 20 });
    },
  };
}

function atAddress(name: string): PublicationSource {
  const base = name.endsWith('/') ? name : `${name}/`;
  const get = async (file: string, signal: AbortSignal | undefined): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(new URL(file, base), signal === undefined ? {} : { signal });
    } catch (error) {
      const { cause } = error as Error;
      throw backupUnusable(name, `${file} cannot be fetched (${messageOf(cause ?? error)})`, error);
    }
    if (!response.ok) throw backupUnusable(name, `${file} cannot be fetched (status ${response.status})`);
    return response;
  };
  return {
    name,
    latest: async (signal) => {
      const timeout = AbortSignal.timeout(latestMsMax);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      return parsePublication(name, await (await get(latestName, either)).text());
    },
    open: async (sha256, signal) => {
      const { body } = await get(contentName(sha256), signal);
      return Readable.fromWeb(body as unknown as ReadableStream);
    },
  };
}
