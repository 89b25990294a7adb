import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsSchema } from '../../api/operations/settings.ts';
import { kafkaOptions } from '../../api/index.ts';
import { temporaryFolder } from '../data-folders.ts';

const options = (settings: object, password?: string) =>
  kafkaOptions(settingsSchema.parse(settings), password);
const topics = { kafkaBrokers: 'kafka1:9092, [::1]:9093', kafkaConsume: 'saves=app.saves, pins = app.pins' };

test('a server without a topic has no client, whatever else is set', () => {
  expect(options({})).toBeUndefined();
  expect(options({ kafkaBrokers: 'kafka1:9092', kafkaSasl: 'plain' })).toBeUndefined();
});

test('brokers, topics by role, certificates and the login become options', () => {
  const file = path.join(temporaryFolder(), 'ca.pem');
  writeFileSync(file, 'certificate');
  const login = { kafkaTls: 'on', kafkaCaFile: file, kafkaSasl: 'scram-sha-512', kafkaUser: 'pinwalk' };
  expect(options({ ...topics, ...login, kafkaProduce: 'changes' }, 'secret')).toEqual({
    connection: {
      brokers: ['kafka1:9092', '[::1]:9093'],
      tls: { ca: 'certificate' },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'pinwalk', password: 'secret' },
    },
    consume: new Map([
      ['saves', 'app.saves'],
      ['pins', 'app.pins'],
    ]),
    produce: 'changes',
  });
});

test.each([
  [{ kafkaBrokers: undefined }, 'kafkaBrokers'],
  [{ kafkaProduce: 'app.saves' }, 'a topic of its own'],
  [{ kafkaCaFile: 'ca.pem' }, 'kafkaTls'],
  [{ kafkaTls: 'on', kafkaCaFile: '/nowhere/ca.pem' }, 'ENOENT'],
  [{ kafkaTls: 'on', kafkaCertFile: 'cert.pem' }, 'go together'],
  [{ kafkaUser: 'pinwalk' }, 'kafkaSasl'],
  [{ kafkaSasl: 'plain', kafkaUser: 'pinwalk' }, 'PINWALK_KAFKA_PASSWORD'],
])('settings %j that do not go together are refused with the remedy', (settings, remedy) => {
  expect(() => options({ ...topics, ...settings })).toThrow(remedy);
});

test.each([
  ['kafkaBrokers', 'kafka1'],
  ['kafkaBrokers', 'kafka1:9092,'],
  ['kafkaBrokers', 'kafka://kafka1:9092'],
  ['kafkaConsume', 'app.saves'],
  ['kafkaConsume', 'save=app.saves'],
  ['kafkaConsume', 'saves=a,saves=b'],
  ['kafkaConsume', 'saves=a,pins=a'],
  ['kafkaConsume', 'saves=a b'],
  ['kafkaConsume', `saves=${'x'.repeat(181)}`],
  ['kafkaProduce', ''],
])('the setting %s refuses %j', (name, value) => {
  expect(settingsSchema.safeParse({ [name]: value }).success).toBe(false);
});
