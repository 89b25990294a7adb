import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import type { Consumer, ConsumerOptions, Producer } from '@platformatic/kafka';
import type { KafkaConnection } from './connection.ts';

export type RawConsumer = Consumer;
export type RawProducer = Producer;

/** Milliseconds until a broker that does not respond counts as down. */
const timeoutMs = 10_000;

type SaslMechanism = NonNullable<ConsumerOptions<Buffer, Buffer, Buffer, Buffer>['sasl']>['mechanism'];

/** Without retries: after an error, the caller finds the last good position and continues with a new client. */
function optionsOf({ brokers, tls, sasl }: KafkaConnection) {
  const addresses = brokers.map(addressOf);
  return {
    clientId: 'pinwalk',
    bootstrapBrokers: addresses,
    retries: 0,
    connectTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    ...(tls !== undefined && {
      tls: { ...tls },
      tlsServerName: addresses.some(({ host }) => isIP(host) === 0),
    }),
    ...(sasl !== undefined && { sasl: { ...sasl, mechanism: sasl.mechanism as SaslMechanism } }),
  };
}

/** `host:port`; the host may be an IPv6 address in brackets. */
function addressOf(broker: string): { readonly host: string; readonly port: number } {
  const at = broker.lastIndexOf(':');
  return { host: broker.slice(0, at).replaceAll(/[[\]]/g, ''), port: Number(broker.slice(at + 1)) };
}

/** A client that reads the offsets that it is given. It joins no group: offsets are in the database. */
export async function openConsumer(connection: KafkaConnection): Promise<RawConsumer> {
  const { Consumer: Client } = await import('@platformatic/kafka');
  return new Client({ ...optionsOf(connection), groupId: `pinwalk-${randomUUID()}`, autocommit: false });
}

/** A client that writes, and waits until all in-sync replicas have its records. */
export async function openProducer(connection: KafkaConnection): Promise<RawProducer> {
  const { Producer: Client, ProduceAcks } = await import('@platformatic/kafka');
  return new Client({ ...optionsOf(connection), acks: ProduceAcks.ALL });
}
