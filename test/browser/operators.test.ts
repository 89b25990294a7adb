import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import {
  activeVersion,
  createKey,
  importRows,
  listSnapshots,
  syntheticRows,
} from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { importSaves } from '../data-folders.ts';
import { buildUnlike, importFirst } from '../unlike.ts';
import { browseForSuite, seriousFaults } from './browser.ts';

async function open(page: Promise<Page>): Promise<Page> {
  const opened = await page;
  await opened.getByRole('heading', { level: 1, name: 'Operate' }).waitFor();
  return opened;
}

describe('the operators view', () => {
  const server = serveForSuite(importFirst);
  const browser = browseForSuite(server);

  test('the operators view shows health and the served graph, and has no serious accessibility faults', async () => {
    const page = await open(browser.open('/?view=operators'));
    await page.getByRole('listitem').filter({ hasText: 'Ready' }).getByText('yes').waitFor();
    await page.getByText(server.graphs.version!).first().waitFor();
    await page.getByText('Space left for live saves').waitFor();
    await page.getByText('served', { exact: true }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('the operators view builds a snapshot and serves it, then rolls back', async () => {
    const first = server.graphs.version!;
    await importSaves(server.folder, ['ann extra pin-1', 'ann extra newcomer']);
    const page = await open(browser.open('/?view=operators'));
    await page.getByRole('button', { name: 'Build a snapshot' }).click();
    await expect.poll(() => server.graphs.version).not.toBe(first);
    const second = server.graphs.version!;
    const jobs = page.getByRole('list', { name: 'Jobs, newest first' });
    await jobs.getByText('done').waitFor();
    await jobs.getByText(second).waitFor();
    await page.getByRole('button', { name: `Roll back to ${first}` }).click();
    const dialog = page.getByRole('dialog', { name: `Roll back to ${first}?` });
    expect(await dialog.getByRole('table').textContent()).toContain(second);
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(server.graphs.version).toBe(second);
    await page.getByRole('button', { name: `Roll back to ${first}` }).click();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText(`Activated ${first} in`).waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(server.graphs.version).toBe(first);
    expect(activeVersion(server.folder)).toBe(first);
  });

  test('the operators view reports when a snapshot is too unlike and activates it only with force', async () => {
    const served = server.graphs.version!;
    const unlike = await buildUnlike(server.folder);
    const page = await open(browser.open('/?view=operators'));
    await page.getByRole('button', { name: `to ${unlike}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Activate', exact: true }).click();
    await dialog.getByText('The two graphs are too unlike.').waitFor();
    expect(server.graphs.version).toBe(served);
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Activate anyway' }).click();
    await page.getByText(`Activated ${unlike} in`).waitFor();
    expect(server.graphs.version).toBe(unlike);
  });

  test('the operators view counts the requests of other clients, not its own', async () => {
    const page = await open(browser.open('/?view=operators'));
    const related = page.getByRole('row').filter({ hasText: '/v1/pins/{pin}/related' });
    expect(await related.count()).toBe(0);
    for (let i = 0; i < 7; i++) await server.get(`/v1/pins/pin-${i}/related`);
    await related.waitFor();
    await expect.poll(() => related.getByRole('cell').first().textContent()).toBe('7');
    const routes = page.getByRole('table', { name: 'Routes since the server started' });
    expect(await routes.textContent()).not.toContain('/metrics');
  });
});

describe('a slow build', () => {
  const server = serveForSuite(async (folder) => {
    const rows = syntheticRows({ pins: 30_000, boards: 60_000, saves: 600_000 });
    await importRows(folder, [{ name: 'large', rows }]);
  });
  const browser = browseForSuite(server);

  test('a slow build shows its progress and can be cancelled', async () => {
    await importSaves(server.folder, ['ann extra pin-1']);
    const before = listSnapshots(server.folder);
    const page = await open(browser.open('/?view=operators'));
    await page.getByRole('button', { name: 'Build a snapshot' }).click();
    await page.getByRole('progressbar', { name: 'Progress of build' }).waitFor();
    expect(await page.getByRole('button', { name: 'Build a snapshot' }).isDisabled()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('list', { name: 'Jobs, newest first' }).getByText('cancelled').waitFor();
    expect(listSnapshots(server.folder)).toEqual(before);
    expect(await page.getByRole('button', { name: 'Build a snapshot' }).isEnabled()).toBe(true);
  });
});

describe('with a key', () => {
  const keys = { read: '', admin: '' };
  const server = serveForSuite(async (folder) => {
    await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
    keys.read = createKey(folder, { scope: 'read' }, randomBytes, 0).key;
    keys.admin = createKey(folder, { scope: 'admin' }, randomBytes, 0).key;
  });
  const browser = browseForSuite(server);

  test('the operators view with a key of smaller scope shows how to create another and continues with it', async () => {
    const page = await open(browser.open('/?view=operators'));
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByLabel('Key').fill(keys.read);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByText('The scope of your key is too small.').waitFor();
    await page.getByText('pinwalk keys create --scope admin').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(await seriousFaults(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Build a snapshot' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Enter a key' }).click();
    await dialog.getByLabel('Key').fill(keys.admin);
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('button', { name: 'Build a snapshot' }).waitFor();
    await page.getByText('served', { exact: true }).waitFor();
  });
});
