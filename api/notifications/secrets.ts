/** Secrets of the server: from the environment or files, never from flags, and never printed or logged. */
export interface Secrets {
  readonly smtpPassword?: string | undefined;
  readonly webhookSecret?: string | undefined;
  readonly vapidPrivateKey?: string | undefined;
  /** API key of scope `admin` of the server that a replica follows. */
  readonly writerKey?: string | undefined;
  readonly kafkaPassword?: string | undefined;
}

const variables: Readonly<Record<keyof Secrets, string>> = {
  smtpPassword: 'PINWALK_SMTP_PASSWORD',
  webhookSecret: 'PINWALK_WEBHOOK_SECRET',
  vapidPrivateKey: 'PINWALK_VAPID_PRIVATE_KEY',
  writerKey: 'PINWALK_WRITER_KEY',
  kafkaPassword: 'PINWALK_KAFKA_PASSWORD',
};

/**
 * The secrets by their variables; `PINWALK_SMTP_PASSWORD_FILE` names a file with the secret instead, as containers mount them.
 * Throws what `readFile` throws.
 */
export function readSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (name: string) => string,
): Secrets {
  const entries = Object.entries(variables).map(([name, variable]) => {
    const file = environment[`${variable}_FILE`];
    const value = environment[variable] ?? (file === undefined ? undefined : readFile(file).trim());
    return [name, value === '' ? undefined : value];
  });
  return Object.fromEntries(entries) as Secrets;
}
