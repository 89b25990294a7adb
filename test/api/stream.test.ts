import { onTestFinished, expect, test, vi } from 'vitest';
import { createLog } from '../../api/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { openServer } from './server.ts';

test('a server whose brokers cannot be reached says so, takes writes, and stops', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ben salad basil']);
  const lines: string[] = [];
  const log = createLog('warn', { write: (line: string) => void lines.push(line) });
  const kafka = {
    // Nothing listens there.
    connection: { brokers: ['127.0.0.1:1'] },
    consume: new Map([['saves', 'app.saves']] as const),
    produce: 'app.changes',
  };
  const { service, url, close } = await openServer({ folder, log, kafka });
  onTestFinished(close);
  await service.start();
  const fails = (what: string) => vi.waitFor(() => expect(lines.join('')).toContain(what), 30_000);
  await fails(
    'cannot take over app.saves: Connection to 127.0.0.1:1 failed. (connect ECONNREFUSED 127.0.0.1:1)',
  );
  await fails('cannot write changes to app.changes: Connection to 127.0.0.1:1 failed');
  expect(service.stream).toMatchObject({ lagMs: Infinity, recordsBehind: Infinity });
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ user: 'ann', pin: 'mint' });
  expect((await fetch(`${url}/v1/saves`, { method: 'POST', headers, body })).status).toBe(201);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('\npinwalk_kafka_lag_seconds +Inf\n');
  expect(metrics).toContain('\npinwalk_kafka_records_total 0\n');
});
