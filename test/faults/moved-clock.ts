import { readFileSync } from 'node:fs';

/**
 * For `node --import`: a time of day that is off by the milliseconds that the file PINWALK_TEST_CLOCK holds, read anew every
 * time. The monotonic clock is left alone, as it is when somebody sets the time.
 */
const RealDate = Date;
const now = (): number => RealDate.now() + Number(readFileSync(process.env['PINWALK_TEST_CLOCK']!, 'utf8'));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: ConstructorParameters<typeof Date> | []) =>
    given.length === 0 ? new target(now()) : new target(...given),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
