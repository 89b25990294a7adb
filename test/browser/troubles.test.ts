import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKey } from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite, seriousFaults } from './browser.ts';
import { fillKitchen } from './kitchen.ts';

const late = serveForSuite(fillKitchen, { isLoaded: false });
const onLate = browseForSuite(late);
let key = '';
let readKey = '';
const locked = serveForSuite(async (folder) => {
  await fillKitchen(folder);
  key = createKey(folder, { scope: 'write' }, randomBytes, 0).key;
  readKey = createKey(folder, { scope: 'read' }, randomBytes, 0).key;
});
const onLocked = browseForSuite(locked);

test('a server without a graph is waited for, and what was asked comes by itself', async () => {
  const page = await onLate.open('/?pin=basil');
  await page.getByRole('alert').getByText('The graph is not ready yet.').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await late.loadGraph();
  await page
    .getByRole('list', { name: 'Pins that go with it' })
    .getByRole('link', { name: 'Tomato' })
    .waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

describe('a server that goes away', () => {
  test('is told of, and asked again until it is back', async () => {
    const page = await onLate.open('/?pin=basil');
    await page.getByRole('list', { name: 'Pins that go with it' }).getByRole('link').first().waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Save leek' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Compose', exact: true }).click();
    await page.getByRole('alert').getByText('No connection.').waitFor();
    await page.unroute('**/v1/**');
    await page.getByRole('list', { name: 'Goes with it, ranked' }).getByRole('link').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a server with keys', () => {
  test('asks for one, and keeps it in this tab alone', async () => {
    const page = await onLocked.open('/?pin=basil');
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await dialog.getByLabel('Key').fill('pw_wrong_key');
    await page.keyboard.press('Enter');
    await dialog.getByText('unknown or revoked').waitFor();
    await dialog.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    expect(await dialog.count()).toBe(0);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    expect(
      await page.evaluate('Object.values(localStorage).concat(location.href, document.cookie).join()'),
    ).not.toContain(key);
    await page.getByRole('button', { name: 'API key' }).click();
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await dialog.getByText('send a key').waitFor();
  });

  test('says when a key does not do for writing', async () => {
    const page = await onLocked.open('/?board=menu-0');
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByLabel('Key').fill(readKey);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take Basil off this board' }).click();
    await dialog.getByText('this call needs a key of scope write').waitFor();
    await dialog.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take Basil off this board' }).click();
    await page.getByText('Basil is off menu-0.').waitFor();
    expect(await dialog.count()).toBe(0);
  });
});
