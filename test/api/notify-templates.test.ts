import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { emailOf } from '../../api/notifications/email.ts';
import { wordsOf, wordsOrEnglish } from '../../api/notifications/words.ts';
import type { TemplateChoice } from '../../engine/index.ts';
import type { Notification } from '../../graph-data/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { dayMs, fillFolder, monday, plan, policy, record, sendUntil } from '../planning.ts';

const people = 80;
const templateOf = ({ journal }: Notification): TemplateChoice => journal['template'] as TemplateChoice;

test('people get different templates from day to day, and more and more those that are clicked', async () => {
  const folder = temporaryDataFolder();
  await fillFolder(folder, people);
  const byPerson = new Map<string, string[]>();
  const shares: number[] = [];
  // On the sixth and seventh day, everybody has had as many as a week may bring.
  for (const day of [0, 1, 2, 3, 4, 7, 8]) {
    const at = monday + day * dayMs;
    await plan(folder, at, { ...policy, unsubscribeCost: 0 });
    const sent = sendUntil(folder, at + dayMs);
    for (const each of sent) {
      const { template, propensity, probabilities } = templateOf(each);
      expect(Object.keys(probabilities)).toContain(template);
      expect(propensity).toBe(probabilities[template]);
      expect(Object.values(probabilities).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      byPerson.set(each.user, [...(byPerson.get(each.user) ?? []), template]);
    }
    const clicked = sent.filter((each) => templateOf(each).template === 'saved/more-like');
    shares.push(clicked.length / sent.length);
    record(folder, clicked.map(({ id, user, channel, pins, notBefore }) => ({ kind: 'click', user, pin: pins[0]!, recommendationId: id, surface: `notification-${channel}`, at: notBefore + 60_000 })), at + dayMs); // prettier-ignore
  }
  expect(shares[0]).toBeLessThan(0.5);
  expect((shares[5]! + shares[6]!) / 2).toBeGreaterThan(shares[0]! + 0.1);
  const early = [...byPerson.values()].filter((all) => all.length >= 2);
  const repeats = early.filter(([first, second]) => first === second).length;
  expect(repeats / early.length).toBeLessThan(0.15);
});

const folder = path.join(import.meta.dirname, '../../api/notifications/languages');
/** A data folder without languages of its own. */
const none = { root: temporaryFolder(afterAll) };
const languages = readdirSync(folder).map((name) => name.replace('.json', ''));

test.each(languages)('the words of %s are complete, and name the subject of a template', (language) => {
  const words = wordsOf(language, none);
  expect(words).toEqual(JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')));
  for (const [kind, templates] of Object.entries(words.templates)) {
    for (const text of Object.values(templates)) expect(text.split('{of}')).toHaveLength(kind === 'popular' ? 1 : 2); // prettier-ignore
    expect(Object.keys(templates)).toEqual(Object.keys(wordsOf('en', none).templates[kind as 'saved']));
  }
});

test('a language tag finds its language, and an unknown one English', () => {
  expect(wordsOf('de-AT', none).open).toBe('Öffnen');
  expect(wordsOf('fr', none).open).toBe('Ouvrir');
  for (const tag of ['xx', '../en', 'EN-gb']) expect(wordsOf(tag, none).open).toBe('Open');
  const message = { title: 'T', text: 'x', link: 'https://a.example/', language: 'es', unsubscribeUrl: 'https://b.example/', idempotencyKey: '1', more: [] }; // prettier-ignore
  expect(emailOf(message as never, wordsOf('es', none)).html).toContain('>Abrir</a>');
});

test('a file in the data folder adds a language, or replaces one, also for a region; its faults are reported', () => {
  const root = temporaryFolder();
  const own = path.join(root, 'languages');
  mkdirSync(own);
  const english = wordsOf('en', none);
  const put = (name: string, words: object): void => writeFileSync(path.join(own, name), JSON.stringify(words));
  put('nl.json', { ...english, open: 'Openen' });
  put('de-ch.json', { ...english, open: 'Öffne' });
  put('en.json', { ...english, templates: { ...english.templates, saved: { only: 'You saved {of}' } } });
  const openOf = (tag: string): string => wordsOf(tag, { root }).open;
  expect(['nl-BE', 'nl', 'de-CH', 'de', 'xx'].map(openOf)).toEqual(['Openen', 'Openen', 'Öffne', 'Öffnen', 'Open']);
  expect(wordsOf('xx', { root }).templates.saved).toEqual({ only: 'You saved {of}' });
  const faultOf = (): unknown => {
    try {
      return wordsOf('it', { root });
    } catch (error) {
      return error;
    }
  };
  put('it.json', { ...english, done: undefined, templates: { ...english.templates, board: {} } });
  expect(faultOf()).toMatchObject({ code: 'language-unusable' });
  expect(String(faultOf())).toMatch(/languages\/it\.json cannot be used: done: .*templates\.board: has no template; mend it, or delete it/);
  writeFileSync(path.join(own, 'it.json'), '{');
  expect(String(faultOf())).toMatch(/it\.json cannot be used: .*JSON/);
  const faults: string[] = [];
  expect(wordsOrEnglish('it', { root }, (fault) => faults.push(fault)).open).toBe('Open');
  expect(faults).toHaveLength(1);
}); // prettier-ignore
