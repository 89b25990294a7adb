import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { emailOf } from '../../api/notifications/email.ts';
import { wordsOf } from '../../api/notifications/words.ts';
import type { TemplateChoice } from '../../engine/index.ts';
import type { Notification } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
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
}, 60_000);

const folder = path.join(import.meta.dirname, '../../api/notifications/languages');
const languages = readdirSync(folder).map((name) => name.replace('.json', ''));

test.each(languages)('the words of %s are whole, and say what a template is about', (language) => {
  const words = wordsOf(language);
  expect(words).toEqual(JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')));
  for (const [kind, templates] of Object.entries(words.templates)) {
    for (const text of Object.values(templates)) expect(text.split('{of}')).toHaveLength(kind === 'popular' ? 1 : 2); // prettier-ignore
    expect(Object.keys(templates)).toEqual(Object.keys(wordsOf('en').templates[kind as 'saved']));
  }
});

test('a language tag finds its language, and an unknown one English', () => {
  expect(wordsOf('de-AT').open).toBe('Öffnen');
  expect(wordsOf('fr').open).toBe('Ouvrir');
  for (const tag of ['xx', '../en', 'EN-gb']) expect(wordsOf(tag).open).toBe('Open');
  const message = { title: 'T', text: 'x', link: 'https://a.example/', language: 'es', unsubscribeUrl: 'https://b.example/', idempotencyKey: '1' }; // prettier-ignore
  expect(emailOf(message as never).html).toContain('>Abrir</a>');
});
