import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const hubBoards = 100;

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = [
    { user: 'ann', board: 'pasta', pin: 'basil', savedAt: '2024-03-01T10:00:00Z', weight: 2 },
    { user: 'ann', board: 'pasta', pin: 'tomato' },
    { user: 'ann', board: 'salad', pin: 'tomato' },
    { user: 'ben', board: 'a/b %2F', pin: '__proto__' },
    ...Array.from({ length: hubBoards }, (_, i) => ({ user: 'hub', board: `h${i}`, pin: 'hub' })),
  ];
  const tomato = { pin: 'tomato', title: 'Tomato', text: 'red', url: 'http://t/', createdAt: '2020-01-01' };
  const pins = [{ ...tomato, imageUrl: 'http://i/', price: 2, tags: ['a'] }, { pin: 'bare' }];
  const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines(saves)),
    writeInput(folder, 'pins.jsonl', lines(pins)),
    writeInput(
      folder,
      'boards.jsonl',
      lines([{ board: 'pasta', owner: 'ann', title: 'Pasta!', color: 'red' }]),
    ),
    writeInput(folder, 'users.jsonl', lines([{ user: 'ann', name: 'Ann' }])),
  ]);
};
const server = serveForSuite(fill);
const withoutGraph = serveForSuite(fill, { isLoaded: false });

describe('a pin, a board, a user', () => {
  test('a pin, a board and a user have fields, attributes and counts', async () => {
    expect(await server.get('/v1/pins/tomato')).toMatchObject({ status: 200 });
    expect((await server.get('/v1/pins/tomato')).body).toEqual({
      pin: 'tomato',
      title: 'Tomato',
      text: 'red',
      url: 'http://t/',
      imageUrl: 'http://i/',
      attributes: { price: 2, tags: ['a'] },
      createdAt: '2020-01-01T00:00:00.000Z',
      counts: { boards: 2, saves: 2 },
    });
    expect((await server.get('/v1/boards/pasta')).body).toEqual({
      board: 'pasta',
      owner: 'ann',
      title: 'Pasta!',
      attributes: { color: 'red' },
      counts: { pins: 2 },
    });
    expect((await server.get('/v1/users/ann')).body).toEqual({
      user: 'ann',
      attributes: { name: 'Ann' },
      counts: { boards: 2, saves: 3 },
    });
  });

  test('missing fields of a node are null, and no graph is needed', async () => {
    const { body } = await withoutGraph.get('/v1/pins/bare');
    expect(body).toMatchObject({ title: null, text: null, url: null, imageUrl: null, createdAt: null });
    expect(body).toMatchObject({ attributes: {}, counts: { boards: 0, saves: 0 } });
  });

  test('node ids may be any text, decoded once', async () => {
    expect((await server.get('/v1/pins/__proto__')).body.pin).toBe('__proto__');
    expect((await server.get(`/v1/boards/${encodeURIComponent('a/b %2F')}`)).body.board).toBe('a/b %2F');
    expect((await server.get('/v1/pins/constructor')).status).toBe(404);
  });

  test.each(['pin', 'board', 'user'])('responds 404 to an unknown %s', async (name) => {
    for (const path of [`/v1/${name}s/nothing`, `/v1/${name}s/nothing/saves`]) {
      expect(await server.get(path)).toMatchObject({ status: 404, body: { code: `unknown-${name}` } });
    }
  });

  test('refuses parameters of node calls', async () => {
    expect(await server.get('/v1/pins/tomato?x=1')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/x' }] },
    });
  });
});

describe('saves', () => {
  test('lists the saves of a pin, a board and a user', async () => {
    const none = { savedAt: null, weight: null };
    expect((await server.get('/v1/pins/tomato/saves')).body).toEqual({
      saves: [
        { board: 'pasta', user: 'ann', ...none },
        { board: 'salad', user: 'ann', ...none },
      ],
      nextCursor: null,
    });
    expect((await server.get('/v1/boards/pasta/saves')).body).toEqual({
      saves: [
        { pin: 'basil', savedAt: '2024-03-01T10:00:00.000Z', weight: 2 },
        { pin: 'tomato', ...none },
      ],
      nextCursor: null,
    });
    expect((await server.get('/v1/users/ann/saves')).body.saves).toEqual([
      { board: 'pasta', pin: 'basil', savedAt: '2024-03-01T10:00:00.000Z', weight: 2 },
      { board: 'pasta', pin: 'tomato', ...none },
      { board: 'salad', pin: 'tomato', ...none },
    ]);
    expect((await server.get('/v1/pins/bare/saves')).body).toEqual({ saves: [], nextCursor: null });
  });

  test.each(['/v1/pins/hub/saves', '/v1/users/hub/saves'])(
    'the pages of %s have every save once',
    async (path) => {
      const boards: string[] = [];
      let cursor: string | null = '';
      let pages = 0;
      while (cursor !== null) {
        const response = await server.get(`${path}?limit=30${cursor && `&cursor=${cursor}`}`);
        boards.push(...response.body.saves.map(({ board }: { board: string }) => board));
        cursor = response.body.nextCursor;
        pages++;
      }
      expect(boards).toEqual(Array.from({ length: hubBoards }, (_, i) => `h${i}`));
      expect(pages).toBe(4);
      // A full page that ends with the last save has no cursor.
      expect((await server.get(path)).body.nextCursor).toBeNull();
    },
  );

  test('saves added or removed between two pages do not move the others', async () => {
    const first = (await server.get('/v1/boards/pasta/saves?limit=1')).body;
    expect(first.saves).toMatchObject([{ pin: 'basil' }]);
    const database = openDatabase(server.folder);
    database.exec(`DELETE FROM saves WHERE pin = (SELECT id FROM pins WHERE key = 'basil')`);
    database.close();
    await importSaves(server.folder, ['ann pasta late']);
    const rest = (await server.get(`/v1/boards/pasta/saves?cursor=${first.nextCursor}`)).body;
    expect(rest.saves).toMatchObject([{ pin: 'tomato' }, { pin: 'late' }]);
  });

  test('refuses a cursor of another list', async () => {
    const cursor = (await server.get('/v1/pins/hub/saves?limit=1')).body.nextCursor as string;
    const [head, rest] = [cursor.slice(0, 8), cursor.slice(8)];
    const text = Buffer.from(cursor, 'base64url').toString();
    const forged = Buffer.from(text.replace(/\.(\d+)\.(\d+)\./, '.$1.99.')).toString('base64url');
    expect((await server.get(`/v1/pins/hub/saves?cursor=${cursor}`)).status).toBe(200);
    for (const [path, wrong] of [
      ['/v1/pins/tomato/saves', cursor],
      ['/v1/users/hub/saves', cursor],
      ['/v1/pins/hub/saves', ''],
      ['/v1/pins/hub/saves', '30'],
      ['/v1/pins/hub/saves', `${cursor}=`],
      ['/v1/pins/hub/saves', `${head}.${rest}`],
      ['/v1/pins/hub/saves', forged],
      ['/v1/pins/hub/saves', encodeURIComponent('\0é\u{1F600}')],
      ['/v1/pins/hub/saves', 'x'.repeat(300)],
    ]) {
      const response = await server.get(`${path}?cursor=${wrong}`);
      expect([wrong, response.status]).toEqual([wrong, 400]);
      expect(response.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/cursor' }] });
    }
  });

  test.each(['0', '1001', 'ten', '', '1.5'])('refuses the limit %j', async (limit) => {
    expect(await server.get(`/v1/pins/hub/saves?limit=${limit}`)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/limit' }] },
    });
  });
});
