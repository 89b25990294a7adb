import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Ways to log in, as the setting `kafkaSasl` names them. */
export const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
type Mechanism = (typeof mechanisms)[number];

/** TLS with certificates of both sides, and a login. */
export interface Security {
  readonly brokerSettings: Readonly<Record<string, string>>;
  /** Of the formatting of storage, which knows the passwords of SCRAM. */
  readonly formatArgs: readonly string[];
  readonly mechanism: Mechanism;
  readonly user: string;
  readonly password: string;
  /** Of the client, in PEM. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string };
}

const [user, password] = ['pinwalk', 'of the lab'];

/** Makes an authority, and a certificate of each side, by openssl. */
export function secure(folder: string, mechanism: Mechanism): Security {
  mkdirSync(folder, { recursive: true });
  const at = (name: string): string => path.join(folder, name);
  const key = ['-newkey', 'rsa:2048', '-noenc', '-days', '2'];
  openssl('req', '-x509', ...key, '-subj', '/CN=lab', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  for (const name of ['broker', 'client']) {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    openssl('req', '-x509', ...key, '-CA', at('ca.pem'), '-CAkey', at('ca.key'), ...names, ...files);
  }
  writeFileSync(
    at('keystore.pem'),
    [at('broker.key'), at('broker.pem')].map((file) => readFileSync(file, 'utf8')).join(''),
  );
  const login = `listener.name.client.${mechanism}.sasl.jaas.config`;
  const module =
    mechanism === 'plain'
      ? `org.apache.kafka.common.security.plain.PlainLoginModule required user_${user}="${password}";`
      : 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  return {
    brokerSettings: {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': at('keystore.pem'),
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': at('ca.pem'),
      'listener.name.client.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': mechanism.toUpperCase(),
      [login]: module,
    },
    formatArgs:
      mechanism === 'plain'
        ? []
        : ['--add-scram', `${mechanism.toUpperCase()}=[name=${user},password=${password}]`],
    mechanism,
    user,
    password,
    files: { ca: at('ca.pem'), cert: at('client.pem'), key: at('client.key') },
  };
}

function openssl(...args: readonly string[]): void {
  const { status, error, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl fails: ${error?.message ?? stderr}`);
}
