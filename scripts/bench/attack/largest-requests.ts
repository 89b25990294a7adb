const bodyBytes = 2 ** 20;
const valueLength = 4_096;
const counterDigits = 8;
const counter = '0'.repeat(counterDigits);

/** A request of the largest size that is legal; a counter in it makes each one another request. */
interface LargestRequest {
  readonly path: string;
  readonly body: Buffer;
  /** Where the digits of the counter are. */
  readonly counterAt: number;
}

/** One of each kind: a filter, exclusions, a batch, and a body of many short values. Each in a buffer of its own. */
export function largestRequests(): LargestRequest[] {
  const query = [{ pin: 'p1' }];
  const base = { query, limit: 1, params: { steps: 100 } };
  // Of boards: no pin has such fields, and a filter of pins would be refused.
  const filtered = { ...base, target: 'boards' };
  const longKeys = Array.from({ length: 2_000 }, (_, i) => `${i}`.padEnd(500, 'k'));
  const shortKeys = Array.from({ length: 10_000 }, (_, i) => `${i}`.padEnd(90, 'k'));
  return [
    largest('/v1/recommendations', { ...filtered, filter: { counter, ...fields(31, 8) } }),
    largest('/v1/recommendations', { ...base, exclude: { pins: [counter, ...longKeys] } }),
    largest('/v1/recommendations', { ...base, exclude: { pins: [counter, ...shortKeys.slice(1)] } }),
    largest('/v1/recommendations/batch', {
      requests: Array.from({ length: 100 }, () => ({ ...filtered, filter: { counter, ...fields(2, 1) } })),
      distinct: true,
    }),
  ];
}

/** The body, filled up with spaces. */
function largest(path: string, body: object): LargestRequest {
  const text = JSON.stringify(body);
  return {
    path,
    body: Buffer.from(text.padEnd(bodyBytes)),
    counterAt: text.indexOf(`"${counter}"`) + 1,
  };
}

export function setCounter({ body, counterAt }: LargestRequest, value: number): void {
  body.write(String(value).padStart(counterDigits, '0'), counterAt, 'latin1');
}

function fields(count: number, valuesPerField: number): object {
  const value = 'x'.repeat(valueLength);
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `field ${i}`,
      { in: Array<string>(valuesPerField).fill(value) },
    ]),
  );
}
