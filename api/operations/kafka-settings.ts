import { z } from 'zod';
import { recordRoles, topicPattern, topicRolesOf } from '../contract/index.ts';

/** Settings of topics that a server reads and writes (docs/kafka.md). */
export interface KafkaSettings {
  readonly kafkaBrokers?: string | undefined;
  readonly kafkaConsume?: string | undefined;
  readonly kafkaProduce?: string | undefined;
  readonly kafkaLagMsMax?: number | undefined;
  readonly kafkaTls: 'off' | 'on';
  readonly kafkaCaFile?: string | undefined;
  readonly kafkaCertFile?: string | undefined;
  readonly kafkaKeyFile?: string | undefined;
  readonly kafkaSasl?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly kafkaUser?: string | undefined;
}

const file = z.string().min(1).optional().meta({ allowed: 'the name of a file' });
const broker = String.raw`(\[[\da-fA-F:.]+\]|[\w.-]+):\d{1,5}`;

export const kafkaShape: { readonly [Name in keyof KafkaSettings]-?: z.ZodType<KafkaSettings[Name]> } = {
  kafkaBrokers: z
    .string()
    .regex(new RegExp(`^ *${broker}( *, *${broker})* *$`))
    .optional()
    .meta({ allowed: 'host:port of brokers, separated by commas' })
    .describe('brokers of Kafka from which the others are learned; not set: no topic is read or written'),
  kafkaConsume: z
    .string()
    .refine((text) => topicRolesOf(text) !== undefined)
    .optional()
    .meta({ allowed: `role=topic, separated by commas; roles: ${recordRoles.join(', ')}` })
    .describe(
      'topics to read by what their records are, such as saves=app.saves,pins=app.pins; not set: none',
    ),
  kafkaProduce: z
    .string()
    .regex(topicPattern)
    .optional()
    .meta({ allowed: 'the name of a topic' })
    .describe('topic of one partition that the change log is written to; not set: none'),
  kafkaLagMsMax: z
    .int()
    .min(0)
    .max(86_400_000)
    .optional()
    .describe(
      'milliseconds that the server may be behind its topics before it is not ready; not set: it stays ready',
    ),
  kafkaTls: z.enum(['off', 'on']).default('off').describe('whether connections to brokers are encrypted'),
  kafkaCaFile: file.describe('certificates that sign those of brokers, in PEM; not set: those of Node'),
  kafkaCertFile: file.describe('certificate of this server for brokers, in PEM; not set: none'),
  kafkaKeyFile: file.describe('its private key, in PEM'),
  kafkaSasl: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe(
      'how to log in to brokers; the password is in PINWALK_KAFKA_PASSWORD; not set: without a login',
    ),
  kafkaUser: z.string().min(1).max(200).optional().describe('user name of the login'),
};
