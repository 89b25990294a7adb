import { readFileSync } from 'node:fs';
import { DataError, messageOf } from '../../../graph-data/index.ts';
import { type TopicRoles, topicRolesOf } from '../../contract/index.ts';

/** How to reach the brokers: the inputs of a thread with a client. */
export interface KafkaConnection {
  /** Host and port of each. */
  readonly brokers: readonly string[];
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: string; readonly username: string; readonly password: string };
}

/** Topics to read and to write, and how. */
export interface KafkaOptions {
  readonly connection: KafkaConnection;
  readonly consume: TopicRoles;
  readonly produce: string | undefined;
}

interface KafkaSettings {
  readonly kafkaBrokers?: string | undefined;
  readonly kafkaConsume?: string | undefined;
  readonly kafkaProduce?: string | undefined;
  readonly kafkaTls: 'off' | 'on';
  readonly kafkaCaFile?: string | undefined;
  readonly kafkaCertFile?: string | undefined;
  readonly kafkaKeyFile?: string | undefined;
  readonly kafkaSasl?: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  readonly kafkaUser?: string | undefined;
}

/**
 * The Kafka settings; undefined without a topic. Throws `kafka-unusable` for settings that contradict each
 * other, and `package-missing` if the client is not installed. Loads nothing.
 */
export function kafkaOptions(
  settings: KafkaSettings,
  password: string | undefined,
): KafkaOptions | undefined {
  const { kafkaBrokers, kafkaConsume, kafkaProduce } = settings;
  const consume = kafkaConsume === undefined ? new Map() : topicRolesOf(kafkaConsume)!;
  if (consume.size === 0 && kafkaProduce === undefined) return undefined;
  if (kafkaBrokers === undefined)
    throw unusable('topics need kafkaBrokers: host:port of one or more brokers');
  if (kafkaProduce !== undefined && [...consume.values()].includes(kafkaProduce)) {
    throw unusable(`${kafkaProduce} is read and written: give the change log a topic of its own`);
  }
  assertInstalled();
  const brokers = kafkaBrokers.split(',').map((broker) => broker.trim());
  const tls = tlsOf(settings);
  const sasl = saslOf(settings, password);
  const connection = { brokers, ...(tls !== undefined && { tls }), ...(sasl !== undefined && { sasl }) };
  return { connection, consume, produce: kafkaProduce };
}

function tlsOf({ kafkaTls, ...settings }: KafkaSettings): KafkaConnection['tls'] {
  const files = { ca: settings.kafkaCaFile, cert: settings.kafkaCertFile, key: settings.kafkaKeyFile };
  const given = Object.entries(files).filter(([, file]) => file !== undefined);
  if (kafkaTls === 'off') {
    if (given.length > 0) throw unusable('kafkaCaFile, kafkaCertFile and kafkaKeyFile need kafkaTls: on');
    return undefined;
  }
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw unusable('kafkaCertFile and kafkaKeyFile go together');
  }
  return Object.fromEntries(given.map(([name, file]) => [name, read(file!)]));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unusable(`a file of its TLS cannot be read: ${messageOf(error)}`);
  }
}

function saslOf(
  { kafkaSasl, kafkaUser }: KafkaSettings,
  password: string | undefined,
): KafkaConnection['sasl'] {
  if (kafkaSasl === undefined) {
    if (kafkaUser !== undefined)
      throw unusable('kafkaUser needs kafkaSasl: plain, scram-sha-256 or scram-sha-512');
    return undefined;
  }
  if (kafkaUser === undefined || password === undefined) {
    throw unusable(
      'kafkaSasl needs kafkaUser, and the password in PINWALK_KAFKA_PASSWORD or a file that PINWALK_KAFKA_PASSWORD_FILE names',
    );
  }
  return { mechanism: kafkaSasl.toUpperCase(), username: kafkaUser, password };
}

function assertInstalled(): void {
  try {
    import.meta.resolve(clientPackage);
  } catch (cause) {
    throw new DataError(
      'package-missing',
      `topics need the client of Kafka, which is not installed with pinwalk: npm install ${clientPackage}`,
      { cause },
    );
  }
}

const clientPackage = '@platformatic/kafka';

function unusable(fault: string): DataError {
  return new DataError('kafka-unusable', `Kafka: ${fault} (docs/kafka.md)`);
}
