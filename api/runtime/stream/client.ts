import { randomUUID } from 'node:crypto';
import type { Consumer, ConsumerOptions, Producer } from '@platformatic/kafka';
import type { KafkaConnection } from './connection.ts';

export type RawConsumer = Consumer;
export type RawProducer = Producer;

/** Milliseconds until a broker that does not respond counts as down. */
const timeoutMs = 10_000;

type SaslMechanism = NonNullable<ConsumerOptions<Buffer, Buffer, Buffer, Buffer>['sasl']>['mechanism'];

/** Without retries: whoever uses a client that has failed looks where it was, and goes on with a new one. */
function optionsOf({ brokers, tls, sasl }: KafkaConnection) {
  return {
    clientId: 'pinwalk',
    bootstrapBrokers: brokers.map(addressOf),
    retries: 0,
    connectTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    ...(tls !== undefined && { tls: { ...tls }, tlsServerName: true }),
    ...(sasl !== undefined && { sasl: { ...sasl, mechanism: sasl.mechanism as SaslMechanism } }),
  };
}

/** `host:port`; the host may be an IPv6 address in brackets. */
function addressOf(broker: string): { readonly host: string; readonly port: number } {
  const at = broker.lastIndexOf(':');
  return { host: broker.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(broker.slice(at + 1)) };
}

/** A client that reads what it is asked for. It joins no group: offsets are in the database. */
export async function openConsumer(connection: KafkaConnection): Promise<RawConsumer> {
  const { Consumer: Client } = await import('@platformatic/kafka');
  return new Client({ ...optionsOf(connection), groupId: `pinwalk-${randomUUID()}`, autocommit: false });
}

/** A client that writes, and waits until all replicas in sync have what it wrote. */
export async function openProducer(connection: KafkaConnection): Promise<RawProducer> {
  const { Producer: Client, ProduceAcks } = await import('@platformatic/kafka');
  return new Client({ ...optionsOf(connection), acks: ProduceAcks.ALL });
}
