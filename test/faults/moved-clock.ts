import { readFileSync } from 'node:fs';

/**
 * For `node --import`: shifts the time of day by the milliseconds in the file PINWALK_TEST_CLOCK, read at every call. The
 * monotonic clock stays unchanged, as it does when somebody sets the time.
 */
const RealDate = Date;
const now = (): number => RealDate.now() + Number(readFileSync(process.env['PINWALK_TEST_CLOCK']!, 'utf8'));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: ConstructorParameters<typeof Date> | []) =>
    given.length === 0 ? new target(now()) : new target(...given),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
