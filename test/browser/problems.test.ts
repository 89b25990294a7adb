import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createKey } from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite, seriousFaults } from './browser.ts';
import { importRecipes } from './recipes.ts';

const unready = serveForSuite(importRecipes, { isLoaded: false });
const onUnready = browseForSuite(unready);
let key = '';
let readKey = '';
const locked = serveForSuite(async (folder) => {
  await importRecipes(folder);
  key = createKey(folder, { scope: 'write' }, randomBytes, 0).key;
  readKey = createKey(folder, { scope: 'read' }, randomBytes, 0).key;
});
const onLocked = browseForSuite(locked);

test('the page waits for a server without a graph and then shows the data', async () => {
  const page = await onUnready.open('/?pin=basil');
  await page.getByRole('alert').getByText('The graph is not ready yet.').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await unready.loadGraph();
  await page.getByRole('list', { name: 'Related pins' }).getByRole('link', { name: 'Tomato' }).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test('the page of an unknown pin leads to a search for it', async () => {
  const page = await onUnready.open('/?pin=basill');
  await page.getByRole('alert').getByText('There is no pin').waitFor();
  await page.getByRole('link', { name: 'Search for it' }).click();
  await page.getByRole('heading', { level: 1, name: 'Search' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Basil' }).waitFor();
  expect(page.url()).toBe(`${unready.url}/?view=search&q=basill`);
});

describe('an unreachable server', () => {
  test('an unreachable server is reported and retried until it is back', async () => {
    const page = await onUnready.open('/?pin=basil');
    await page.getByRole('list', { name: 'Related pins' }).getByRole('link').first().waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Save leek' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Compose', exact: true }).click();
    await page.getByRole('alert').getByText('No connection.').waitFor();
    await page.unroute('**/v1/**');
    await page.getByRole('list', { name: 'Recommendations, ranked' }).getByRole('link').first().waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('a server with keys', () => {
  test('the page requests a key from the visitor and keeps it only in this tab', async () => {
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

  test('the page reports when the scope of a key is too small for a write', async () => {
    const page = await onLocked.open('/?board=menu-0');
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByLabel('Key').fill(readKey);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove Basil from this board' }).click();
    await dialog.getByText('this call needs a key of scope write').waitFor();
    await dialog.getByLabel('Key').fill(key);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove Basil from this board' }).click();
    await page.getByText('Removed Basil from menu-0.').waitFor();
    expect(await dialog.count()).toBe(0);
  });
});
