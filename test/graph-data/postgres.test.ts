import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataFolder, importFiles, openDatabaseReadOnly, openPostgres } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { pinwalkAlone, withoutProgress } from '../scripts/command.ts';
import { savesByKey } from './lakes.ts';
import { type PostgresServer, startPostgres, throughProxy, whyNoPostgres } from './postgres-server.ts';

const env = { ...process.env };
afterEach(() => {
  for (const name of ['PGPASSWORD', 'PGPASSFILE', 'PGUSER', 'HOME']) {
    if (env[name] === undefined) delete process.env[name];
    else process.env[name] = env[name];
  }
});

describe.skipIf(whyNoPostgres !== undefined)(whyNoPostgres ?? 'an import from Postgres', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    await server.owner.query(`
      CREATE TABLE likes (person text, list text, product bigint, at timestamptz, stars numeric(3, 1));
      INSERT INTO likes VALUES
        ('ann', 'wish "list"', 9007199254740993, '2024-05-01 10:30:15.5+02', 2.5),
        ('Zoë, the 2nd', E'two\\n\\nlines\\r\\nand a tab\\t', 7, '2024-01-31 23:00:00-05', NULL),
        ('針 🧵', '', -9223372036854775808, NULL, 10),
        (' spaces ', '\\N', 3, 'infinity', 1),
        (NULL, 'b', 3, NULL, 1);
      CREATE TABLE products (id bigint, name text, text text, made timestamp, price numeric(9, 2), sold bool,
        tags text[], more jsonb, code char(6), day date, seen timestamptz, rate float8, big bigint);
      INSERT INTO products VALUES
        (7, 'Tea', E'a "strong"\\nkind', '2024-05-01 10:30', 9.90, true, '{green,"a, b",NULL}', '{"a": [1, "x"]}',
         'ab', '2024-02-29', '2024-05-01 12:00+02', 0.1, 9007199254740993),
        (8, '', NULL, NULL, 10.00, false, '{}', NULL, NULL, NULL, NULL, 'NaN', 5);
      CREATE TABLE log (id int);
      CREATE FUNCTION logged() RETURNS int LANGUAGE sql VOLATILE AS 'INSERT INTO log VALUES (1) RETURNING 1';`);
  });
  afterAll(async () => server?.stop());

  const address = (port = server.port): string => `postgres://owner@127.0.0.1:${port}/postgres`;
  const shown = (): string => `postgres://127.0.0.1:${server.port}/postgres`;

  async function importQueries(
    folder: DataFolder,
    queries: readonly string[],
    options: Parameters<typeof importFiles>[2] & { readonly port?: number } = {},
  ): Promise<Awaited<ReturnType<typeof importFiles>>> {
    process.env['PGPASSWORD'] = server.password;
    const database = await openPostgres(address(options.port), queries, options.signal);
    try {
      return await importFiles(folder, database.sources, options);
    } finally {
      await database.close();
    }
  }

  const likes =
    'SELECT person AS user, list AS board, product AS pin, at AS "savedAt", stars AS rating FROM likes';

  test('keeps quotes, line ends, spaces, Unicode, 64-bit integers and zones; rejects rows with their numbers', async () => {
    const folder = temporaryDataFolder();
    const { files } = await importQueries(folder, [`${likes};\n`]);
    expect(files).toMatchObject([
      {
        file: shown(),
        read: 5,
        new: 2,
        rejected: 3,
        firstRejects: [
          { line: 3, reason: 'board is missing' },
          {
            line: 4,
            reason: 'savedAt is neither an ISO 8601 date nor a Unix time (--date-format reads others)',
          },
          { line: 5, reason: 'user is missing' },
        ],
      },
    ]);
    expect(savesByKey(folder)).toEqual([
      ['Zoë, the 2nd', 'two\n\nlines\r\nand a tab\t', '7', Date.UTC(2024, 1, 1, 4), null],
      ['ann', 'wish "list"', '9007199254740993', Date.UTC(2024, 4, 1, 8, 30, 15, 500), 2.5],
    ]);
    const [rejects] = readdirSync(folder.rejects);
    expect(rejects).toBe('postgres.rejects.jsonl');
    expect(readFileSync(path.join(folder.rejects, rejects!), 'utf8')).toContain(
      String.raw`"\" spaces \",\"\\N\",`,
    );
  });

  test('reads a column alone with NULL as a row, and keys with spaces, backslashes and of the type numeric', async () => {
    const folder = temporaryDataFolder();
    const query = String.raw`SELECT * FROM (VALUES (' a '), (NULL), ('\N'), (' ')) AS people (user_id)`;
    const wide = `SELECT 12345678901234567890123::numeric AS pin, 'z'::char(4) AS user -- the end`;
    const { files } = await importQueries(folder, [query, wide]);
    expect(files).toMatchObject([
      { file: `${shown()}#1`, kind: 'users', read: 4, new: 3, rejected: 1, firstRejects: [{ line: 2 }] },
      { file: `${shown()}#2`, kind: 'saves', read: 1, new: 1 },
    ]);
    const database = openDatabaseReadOnly(folder)!;
    const keys = database
      .prepare('SELECT key FROM users UNION SELECT key FROM pins ORDER BY 1')
      .pluck()
      .all();
    database.close();
    expect(keys).toEqual([' ', ' a ', '12345678901234567890123', String.raw`\N`, 'z']);
  });

  test('gives attributes the types of their columns', async () => {
    const folder = temporaryDataFolder();
    const columns =
      'id AS pin, name AS title, text, made AS "createdAt", price, sold, tags, more, code, day, seen, rate, big';
    await importQueries(folder, [`SELECT ${columns} FROM products ORDER BY id`]);
    const database = openDatabaseReadOnly(folder)!;
    const pins = database.prepare('SELECT key, title, text, createdAt, attributes FROM pins').all() as {
      attributes: string;
    }[];
    database.close();
    expect(
      pins.map((pin) => Object.assign(pin, { attributes: JSON.parse(pin.attributes) as unknown })),
    ).toEqual([
      {
        key: '7',
        title: 'Tea',
        text: 'a "strong"\nkind',
        createdAt: Date.UTC(2024, 4, 1, 10, 30),
        attributes: {
          price: 9.9,
          sold: true,
          tags: ['green', 'a, b', null],
          more: { a: [1, 'x'] },
          code: 'ab',
          day: '2024-02-29',
          seen: '2024-05-01T10:00:00Z',
          rate: 0.1,
          big: '9007199254740993',
        },
      },
      {
        key: '8',
        title: null,
        text: null,
        createdAt: null,
        attributes: { price: 10, sold: false, tags: [], rate: 'NaN', big: 5 },
      },
    ]);
  });

  test('reads all queries at one moment, whatever is written meanwhile', async () => {
    const folder = temporaryDataFolder();
    process.env['PGPASSWORD'] = server.password;
    await server.owner.query(`CREATE TABLE moment AS SELECT 'ann' AS user, 'p' AS pin`);
    const database = await openPostgres(address(), ['SELECT * FROM moment', 'TABLE moment']);
    await server.owner.query(`INSERT INTO moment VALUES ('bob', 'q')`);
    const { files } = await importFiles(folder, database.sources);
    await database.close();
    expect(files.map(({ read }) => read)).toEqual([1, 1]);
  });

  test('refuses a wrong query with the place in it, several statements, and whatever would write', async () => {
    const folder = temporaryDataFolder();
    const messages: string[] = [];
    for (const query of [
      'SELECT person AS user,\n  produkt AS pin FROM likes',
      'SELECT 1 AS pin; DROP TABLE likes',
      'SELECT 1 AS pin) AS x; DROP TABLE likes; SELECT (1',
      `SELECT 'a' AS user, logged() AS pin`,
      'SELECT person AS user, 1 / (product - product) AS pin FROM likes',
      'SELECT stars FROM likes',
    ]) {
      await importQueries(folder, [likes, query]).catch(({ message }: Error) => messages.push(message));
    }
    expect(messages).toEqual([
      `cannot read ${shown()}#2: column "produkt" does not exist (line 2, column 3 of the query). ` +
        'Perhaps you meant to reference the column "likes.product".',
      expect.stringMatching(/#2: syntax error at or near ";" \(line 1, column 16 of the query\)$/),
      expect.stringMatching(/#2: cannot insert multiple commands into a prepared statement$|syntax error/),
      expect.stringMatching(/#2: cannot execute INSERT in a read-only transaction$/),
      expect.stringMatching(/#2: division by zero$/),
      expect.stringMatching(/#2: none of its columns \(stars\) is a user, board or pin/),
    ]);
    expect((await server.owner.query('SELECT * FROM log')).rowCount).toBe(0);
    expect(savesByKey(folder)).toEqual([]);
  });

  const many = `SELECT 'u' || i % 100 AS user, 'p' || i AS pin FROM generate_series(1, 2000000) AS i`;

  test.each(['the server ends it', 'the network is gone'])(
    'a connection that breaks half-way leaves the database as it was: %s',
    async (how) => {
      const folder = temporaryDataFolder();
      await importSaves(folder, ['ann b p']);
      const before = savesByKey(folder);
      const proxy = await throughProxy(server.port);
      let rows = 0;
      const broken = importQueries(folder, [many], {
        port: proxy.port,
        onProgress: (state) => {
          rows = state.rows;
          if (how === 'the network is gone') proxy.cut();
          else
            void server.owner.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pinwalk import'`,
            );
        },
      });
      await expect(broken).rejects.toMatchObject({
        code: 'import-file-unreadable',
        message: expect.stringMatching(
          /^cannot read postgres:\/\/127.0.0.1:\d+\/postgres: .*(terminat|ECONNRESET)/i,
        ),
      });
      proxy.close();
      expect(rows).toBeGreaterThan(0);
      expect(rows).toBeLessThan(2_000_000);
      expect(savesByKey(folder)).toEqual(before);
    },
  );

  test('stops at a signal, and the query of the server with it', async () => {
    const folder = temporaryDataFolder();
    const controller = new AbortController();
    const waiting = importQueries(folder, ['SELECT pg_sleep(600)::text AS user, 1 AS pin'], {
      signal: controller.signal,
    });
    const running = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY%pg_sleep%'`;
    await expect.poll(async () => (await server.owner.query(running)).rowCount).toBe(1);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
    const stopped = importQueries(folder, [likes], { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'stopped' });
  });

  describe('the command', () => {
    test('takes the password from PGPASSWORD or a file, renames columns, and reports no user and no password', async () => {
      const folder = temporaryFolder();
      const passwords = path.join(folder, 'passwords');
      const escaped = server.password.replaceAll(':', String.raw`\:`);
      writeFileSync(passwords, `127.0.0.1:*:postgres:owner:${escaped}\n`);
      chmodSync(passwords, 0o600);
      const query = ['--query', 'SELECT person, product FROM likes', '--columns', 'user=person,pin=product'];
      const run = () =>
        pinwalkAlone('import', address(), ...query, '--data', path.join(folder, 'data'), '--json');
      process.env['PGPASSFILE'] = passwords;
      const byFile = await run();
      expect(withoutProgress(byFile.stderr)).toBe('');
      expect(JSON.parse(byFile.stdout)).toMatchObject({
        files: [{ file: shown(), read: 5, new: 4, rejected: 1 }],
      });
      process.env['PGPASSFILE'] = path.join(folder, 'none');
      process.env['PGPASSWORD'] = server.password;
      expect(JSON.parse((await run()).stdout)).toMatchObject({ files: [{ new: 0, duplicate: 4 }] });
      process.env['PGPASSWORD'] = 'wrong';
      const refused = await run();
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(
        /: password authentication failed for user "owner"; set PGPASSWORD or write the password/,
      );
      delete process.env['PGPASSWORD'];
      expect((await run()).stderr).toMatch(/; set PGPASSWORD or write the password to ~\/\.pgpass\n$/);
    });
  });
});
