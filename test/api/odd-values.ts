/** Values that few or no fields accept. */
const oddNumbers: readonly number[] = [0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53 + 1];
const oddTexts: readonly string[] = [
  ...'NaN Infinity 1e3 0x10 __proto__ constructor %2F ../.. \0 \ud800 \udfff\ud800 😀 \u202e'.split(' '),
  '',
  ' 1',
  'a'.repeat(600),
];
export const oddValues: readonly unknown[] = [
  ...oddNumbers,
  ...oddTexts,
  null,
  true,
  [],
  {},
  [[]],
  [null],
  { toString: 1 },
  { length: 1e9 },
  JSON.parse('{"__proto__":{"limit":1}}'),
];

/** Oddly escaped or unescaped path segments and query strings; ASCII, as on the wire. */
export const oddEscapes: readonly string[] = [
  ...'% %2 %zz %FF %00 %25 %2525 %252F %2F %C0%AF %ED%A0%80 %F0%9F%98%80 %2e%2e %20'.split(' '),
  ...'.. . ~ + __proto__ constructor \\ * ;a=b :pin'.split(' '),
  'a'.repeat(3_000),
];

const oddTypes =
  'text/plain|application/json; charset=utf-16|application/json; charset=latin1|application/jsonx|application/xml' +
  '|multipart/form-data||;|application/problem+json|application/json, text/html';
export const oddHeaders: readonly (readonly [string, string])[] = [
  ...oddTypes.split('|').map((type) => ['Content-Type', type] as const),
  ...'gzip|deflate|br|zstd|identity|rot13|gzip, gzip'
    .split('|')
    .map((encoding) => ['Content-Encoding', encoding] as const),
  ...'*/*|text/html||image/png;q=2'.split('|').map((type) => ['Accept', type] as const),
  ['Cookie', 'a=b; __proto__=c'],
  ['Authorization', 'Bearer '],
  ['Authorization', 'Bearer \u00e9'],
  ['X-Request-Id', 'a'.repeat(3_000)],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['X-Forwarded-For', '1.2.3.4, ::1'],
  ['If-None-Match', '*'],
  ['Range', 'bytes=0-0'],
  ['Idempotency-Key', '\u00ff'],
  ['Idempotency-Key', 'same'],
];
