import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openPostgres } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalkAlone } from '../scripts/command.ts';

test('an address with a password is refused, and no message repeats it', async () => {
  for (const [address, message] of [
    ['postgres://ann:secret@host/shop', /^postgres:\/\/host\/shop: the address has a password, .*PGPASSWORD/],
    ['postgresql://host/shop?password=secret', /^postgres:\/\/host\/shop: the address has a password/],
    ['postgres://ann:se/secret@host/shop', /^the address of the database is malformed/],
    ['postgres:secret', /^the address of the database is malformed/],
  ] as const) {
    const refused = await openPostgres(address, ['SELECT 1']).catch(({ message: text }: Error) => text);
    expect(refused).toMatch(message);
    expect(refused).not.toContain('secret');
  }
  const data = path.join(temporaryFolder(), 'data');
  for (const args of [
    ['import', 'postgres://ann:secret@host/shop', '--query', 'x'],
    ['build', '--from', 'postgres://ann:secret@host/shop'],
  ]) {
    const { code, stdout, stderr } = await pinwalkAlone(...args, '--data', data);
    expect(code).not.toBe(0);
    expect(stdout + stderr).not.toContain('secret');
  }
});

test('an unreachable server is reported with the cause', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const refused = openPostgres(`postgres://ann@127.0.0.1:${port}/shop`, ['SELECT 1']);
  await expect(refused).rejects.toMatchObject({
    code: 'import-file-unreadable',
    message: `cannot read postgres://127.0.0.1:${port}/shop: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});
