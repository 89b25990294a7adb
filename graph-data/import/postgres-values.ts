/** Types of columns by their OID (`pg_type.dat`), which never change. */
const oids = {
  int8: 20,
  numeric: 1700,
  bpchar: 1042,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
} as const;

/**
 * Types that the client's own parser converts: boolean, integers of 16 and 32 bits, JSON, and arrays of these and of texts. Everything
 * else stays as Postgres writes it.
 */
const convertedByClient = new Set([
  16, 21, 23, 26, 114, 3802, 199, 3807, 1000, 1005, 1007, 1009, 1014, 1015, 1021, 1022, 2951,
]);

type Convert = (text: string) => unknown;

/** Converts texts of a type to values as those of JSON and Parquet; undefined if they stay texts. */
export function converterOf(oid: number, parserOf: (oid: number) => Convert): Convert | undefined {
  if (convertedByClient.has(oid)) return parserOf(oid);
  switch (oid) {
    case oids.int8:
      return BigInt;
    case oids.numeric:
      // As keys, integers of any size keep all their digits.
      return (text) => (/^-?\d+$/.test(text) ? BigInt(text) : finiteNumber(text));
    case oids.float4:
    case oids.float8:
      return finiteNumber;
    case oids.bpchar:
      // What fills the text up to its length is no part of its value.
      return (text) => text.replace(/ +$/, '');
    case oids.timestamp:
      return (text) => text.replace(' ', 'T');
    case oids.timestamptz:
      return (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
    default:
      return undefined;
  }
}

/** JSON has no NaN and no infinity: they stay texts. */
function finiteNumber(text: string): unknown {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
