import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  type FollowOptions,
  PublicationWatch,
  type Service,
  type Settings,
  fetchChanges,
} from '../../../api/index.ts';
import {
  type Publication,
  type PublicationSource,
  followedBy,
  publicationAt,
  restore,
} from '../../../graph-data/backup/index.ts';
import { DataError, type DataFolder, messageOf } from '../../../graph-data/base/index.ts';
import { openDatabaseReadOnly, readPosition } from '../../../graph-data/database/index.ts';
import { activeVersion, positionOf } from '../../../graph-data/snapshot/index.ts';
import { UsageError } from './options.ts';
import { print } from '../../output.ts';

/** A running server. */
interface Serving {
  readonly service: Service;
  readonly close: () => Promise<void>;
}

interface ReplicaOptions {
  readonly folder: DataFolder;
  readonly settings: Settings;
  readonly follows: string;
  readonly key: string | undefined;
  readonly log: Logger;
  /** Serves the folder as a replica. */
  readonly open: (follow: FollowOptions) => Promise<Serving>;
}

const retryMs = 2_000;

/**
 * Serves a replica: fetches the latest publication, unless the folder has data of it that the writer's log still reaches, follows
 * the changes, and starts anew from a later publication whenever the log does not reach back any more. Meanwhile, it
 * serves what it has. Never returns, and closes the present server when stopped.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #stop = new AbortController();
  #serving: Serving | undefined;
  #watch: PublicationWatch | undefined;
  #said: string | undefined;

  constructor(options: ReplicaOptions) {
    this.#options = options;
  }

  /** Resolves when the first server listens. Throws a `UsageError` for a folder with other data. */
  async start(): Promise<void> {
    const { folder, follows } = this.#options;
    assertSource(follows);
    assertReplicable(folder, follows);
    const local = await this.#localWriter();
    const writer = local ?? (await this.#fetch());
    if (writer !== undefined) await this.#serve(writer);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#closeServing();
  }

  async #serve(writer: string): Promise<void> {
    const { folder, key, open, log } = this.#options;
    const onGone = (reason: string): void => {
      log.warn(`starts anew from a publication: ${reason}`);
      void this.#startAnew();
    };
    this.#serving = await open({ writer, key, onGone });
    const { graphs, store } = this.#serving.service;
    this.#watch = new PublicationWatch({
      folder,
      source: this.#source()!,
      graphs,
      position: () => store.position,
      onFault: (fault) => log.warn(`the latest publication cannot be taken over: ${fault}`),
    });
    this.#watch.start();
  }

  async #startAnew(): Promise<void> {
    try {
      const writer = await this.#fetch();
      if (writer !== undefined) await this.#serve(writer);
    } catch (error) {
      // As an uncaught error stops any server.
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** The writer, if the data of this folder can be brought up to date by its log, as far as is known. */
  async #localWriter(): Promise<string | undefined> {
    const { folder, settings, key, log } = this.#options;
    if (followedBy(folder) === undefined) return undefined;
    const fault = faultOf(folder);
    if (fault !== undefined) {
      log.warn(`starts anew from a publication: ${fault}`);
      return undefined;
    }
    const writer =
      settings.writerUrl ??
      (
        await this.#source()
          ?.latest()
          .catch(() => undefined)
      )?.writer;
    const database = openDatabaseReadOnly(folder);
    if (database === undefined || writer === undefined || writer === null) return undefined;
    const { position, mark } = database
      .prepare<[], { position: number; mark: string | null }>(
        'SELECT source.position, mark FROM source LEFT JOIN events ON events.position = source.position',
      )
      .get()!;
    database.close();
    const query = { after: position, mark: mark ?? undefined, limit: 1, waitMs: 0 };
    const { state } = await fetchChanges(writer, key, query, this.#stop.signal);
    return state === 'gone' ? undefined : writer;
  }

  /**
   * Fetches the latest publication that the writer's log reaches, waits for one if necessary, and replaces the data of the folder.
   * Returns the address of the writer; undefined if this replica is stopped.
   */
  async #fetch(): Promise<string | undefined> {
    const { folder, follows, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const publication = await this.#usable();
        if (publication !== undefined) {
          print(`pinwalk fetches the data at position ${publication.database.position} from ${follows}`);
          const began = performance.now();
          const asReplica = async (): Promise<void> => this.#closeServing();
          await restore(folder.root, follows, { force: followedBy(folder) !== undefined, asReplica, signal });
          log.info({ ms: Math.round(performance.now() - began) }, 'fetched a publication');
          this.#said = undefined;
          return this.#writerOf(publication);
        }
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof DataError) || error.code !== 'backup-unusable') throw error;
        this.#say(`waits for a publication: ${messageOf(error)}`);
      }
      await pause(retryMs, undefined, { signal }).catch(() => {});
    }
    return undefined;
  }

  /** The latest publication, if the writer's log reaches it, as far as is known. */
  async #usable(): Promise<Publication | undefined> {
    const { follows, key } = this.#options;
    const publication = await this.#source()?.latest(this.#stop.signal);
    if (publication === undefined) {
      const where = isThere(follows) ? follows : `${follows}, a folder that does not exist`;
      this.#say(`waits for a publication in ${where}: run pinwalk publish, or check --follow`);
      return undefined;
    }
    const { position } = publication.database;
    const query = { after: position, mark: undefined, limit: 1, waitMs: 0 };
    const fetched = await fetchChanges(this.#writerOf(publication), key, query, this.#stop.signal);
    if (fetched.state !== 'gone') return publication;
    this.#say(`waits for a publication after position ${position}: run pinwalk publish (${fetched.detail})`);
    return undefined;
  }

  #source(): PublicationSource | undefined {
    return publicationAt(this.#options.follows);
  }

  #writerOf({ writer }: Publication): string {
    const address = this.#options.settings.writerUrl ?? writer;
    if (address !== null) return address;
    throw new UsageError(
      `${this.#options.follows} does not name its writer: give --writer-url, or publish with --writer`,
    );
  }

  async #closeServing(): Promise<void> {
    const [serving, watch] = [this.#serving, this.#watch];
    this.#serving = undefined;
    this.#watch = undefined;
    await watch?.close();
    await serving?.close();
  }

  /** Once for each reason. */
  #say(text: string): void {
    if (text !== this.#said) this.#options.log.warn(text);
    this.#said = text;
  }
}

/** Throws a `UsageError` for what will never have a publication. A folder may be mounted or made later. */
function assertSource(follows: string): void {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(follows)?.[1];
  if (scheme === 'http' || scheme === 'https') return;
  if (scheme !== undefined) {
    throw new UsageError(
      `pinwalk follows folders and http addresses, not ${scheme}://: mount the bucket, or copy its publications to a folder`,
    );
  }
  if (isThere(follows) && !statSync(follows).isDirectory())
    throw new UsageError(`--follow ${follows} is a file: name the folder that pinwalk publish writes to`);
}

function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Throws a `UsageError` for a folder whose data is no replica's: it would be replaced. */
function assertReplicable(folder: DataFolder, follows: string): void {
  if (followedBy(folder) !== undefined) return;
  const database = openDatabaseReadOnly(folder);
  database?.close();
  if (database === undefined) return;
  throw new UsageError(
    `${folder.root} has data of its own, which following ${follows} would replace: name another folder by --data`,
  );
}

/** The damage of a power failure to the data of a replica, whose commits are not synced one by one. */
function faultOf(folder: DataFolder): string | undefined {
  try {
    const database = openDatabaseReadOnly(folder);
    const position = database === undefined ? 0 : readPosition(database);
    database?.close();
    const version = activeVersion(folder);
    const built = version === undefined ? undefined : positionOf(folder, version);
    return built === undefined || built <= position
      ? undefined
      : `snapshot ${version} is of position ${built}, the database of ${position}`;
  } catch (error) {
    if (!(error instanceof DataError) || error.code === 'data-folder-in-use') throw error;
    return messageOf(error);
  }
}
