import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.ts';

/** The folder of `initdb` and `postgres`: one of the PATH, or Debian's, which is not in it. */
function programs(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).map((name) => path.join(debian, name, 'bin'))
    : [];
  return [...(process.env['PATH'] ?? '').split(path.delimiter), ...versions].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(path.join(folder, name))),
  );
}

/** Postgres refuses to run as root: then it runs as a user without rights. */
function otherUser(): { uid: number; gid: number } | undefined | null {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'nobody']).stdout.toString());
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return uid > 0 && gid > 0 ? { uid, gid } : null;
}

/** Why no server can run here. */
export const whyNoPostgres: string | undefined =
  programs() === undefined
    ? "Postgres is not installed (Debian's package postgresql)"
    : otherUser() === null
      ? 'Postgres does not run as root, and there is no user nobody'
      : undefined;

export interface PostgresServer {
  readonly port: number;
  readonly password: string;
  /** A client of the owner, who may do everything. */
  readonly owner: pg.Client;
  readonly stop: () => Promise<void>;
}

/** Starts an empty server on loopback that wants a password (SCRAM), in a folder that goes with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = programs()!;
  const user = otherUser();
  const root = mkdtempSync(path.join(tmpdir(), 'pinwalk-postgres-'));
  const password = 'säcret: 100% & more';
  const [data, passwords] = [path.join(root, 'data'), path.join(root, 'password')];
  writeFileSync(passwords, password);
  if (user) for (const each of [root, passwords]) chownSync(each, user.uid, user.gid);
  const options = { ...user, cwd: root, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  const init = ['-D', data, '-U', 'owner', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(path.join(bin, 'initdb'), [...init, `--pwfile=${passwords}`], options);
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr?.toString() ?? made.error?.message}`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const child = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: 'ignore' },
  );
  const owner = await connectedTo(port, password, child);
  return {
    port,
    password,
    owner,
    stop: async () => {
      await owner.end();
      child.kill('SIGQUIT');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function connectedTo(port: number, password: string, child: ChildProcess): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'owner', database: 'postgres', password });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A way to a server on loopback that can be cut. */
export async function throughProxy(
  to: number,
): Promise<{ readonly port: number; readonly cut: () => void; readonly close: () => void }> {
  const sockets: Socket[] = [];
  const proxy = createServer((client) => {
    const upstream = connect(to, '127.0.0.1');
    sockets.push(client, upstream);
    for (const each of [client, upstream]) each.on('error', () => {});
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    cut: () => sockets.forEach((socket) => socket.resetAndDestroy()),
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
