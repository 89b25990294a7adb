import { DataError } from '../errors.ts';

/** Whether an argument is the address of a Postgres database, not a file. */
export function isPostgresAddress(text: string): boolean {
  return /^postgres(ql)?:/i.test(text);
}

/**
 * The address without user, password and parameters, for messages and reports. Throws `import-file-unreadable` for a malformed
 * address, which no message repeats, and for one with a password: every user of a machine sees the arguments of its processes.
 */
export function shownAddress(address: string): string {
  const url = URL.parse(address);
  if (url === null || !/^postgres(ql)?:\/\//i.test(address))
    throw new DataError(
      'import-file-unreadable',
      'the address of the database is malformed: write postgres://USER@HOST:PORT/DATABASE, with % and two digits for other characters',
    );
  if (url.password !== '' || url.searchParams.has('password'))
    throw new DataError(
      'import-file-unreadable',
      `${shown(url)}: the address has a password, which the list of processes shows to every user of this machine; ` +
        'leave it out, and set PGPASSWORD or write it to ~/.pgpass (or the file that PGPASSFILE names)',
    );
  return shown(url);
}

function shown({ host, pathname }: URL): string {
  return `postgres://${host}${pathname}`;
}
