import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const boards = Array.from({ length: 1_200 }, (_, i) => `many board-${i} pin-${i}`);
const pins = Array.from({ length: 10_000 }, (_, i) => `long long ${i}-${'x'.repeat(60)}`);
const server = serveForSuite((folder) => importSaves(folder, [...boards, ...pins, 'odd odd pin-1']));

describe('an export', () => {
  test('an export leaves a turn of the event loop to other requests every 64 kB', async () => {
    const turns = vi.spyOn(server.turns, 'next');
    onTestFinished(() => turns.mockRestore());
    const { body } = await server.get('/v1/users/long/export');
    expect(body.boards).toHaveLength(1);
    expect(body.boards[0].saves).toHaveLength(10_000);
    const bytes = JSON.stringify(body).length;
    expect(bytes).toBeGreaterThan(1e6);
    // A part may end the slice later.
    expect(turns.mock.calls.length).toBeGreaterThanOrEqual(Math.floor(bytes / (2 * 2 ** 16)));
  });

  test('an export has all boards of a person beyond one page of them', async () => {
    const { body } = await server.get('/v1/users/many/export');
    expect(body.boards.map(({ board }: { board: string }) => board)).toEqual(
      boards.map((_, i) => `board-${i}`),
    );
  });

  test('HEAD of an export reads none of it', async () => {
    const database = openDatabase(server.folder);
    database.exec(`UPDATE boards SET attributes = 'no JSON' WHERE key = 'odd'`);
    database.close();
    expect((await server.get('/v1/users/odd/export')).status).not.toBe(200);
    const head = await server.get('/v1/users/odd/export', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  });
});
