const tabulatedMax = 2 ** 12;
/** Tables kept: pipelines that are compared take turns with some exponents. */
const tablesMax = 16;

/**
 * `(degree + shift) ** exponent` for integer degrees, with small degrees tabulated. Infinity becomes 0, so that a
 * node without neighbors contributes nothing: in a live graph, a query can meet a node that just lost its last one.
 */
export class PowerTable {
  readonly #tables = new Map<string, Float64Array>();
  #powers: Float64Array = new Float64Array(0);
  #exponent = NaN;
  #shift = NaN;

  /** Selects the table of an exponent and a shift. O(1) if it is one of the last 16. */
  begin(exponent: number, shift = 0): void {
    if (exponent === this.#exponent && shift === this.#shift) return;
    this.#exponent = exponent;
    this.#shift = shift;
    const name = `${exponent} ${shift}`;
    const known = this.#tables.get(name);
    if (known === undefined && this.#tables.size === tablesMax) this.#tables.clear();
    this.#powers = known ?? powersOf(exponent, shift);
    this.#tables.set(name, this.#powers);
  }

  /** Whether no power exceeds 1. */
  get atMostOne(): boolean {
    return this.#exponent <= 0 && this.#shift >= 0;
  }

  of(degree: number): number {
    return degree < tabulatedMax ? this.#powers[degree]! : (degree + this.#shift) ** this.#exponent;
  }
}

function powersOf(exponent: number, shift: number): Float64Array {
  const powers = new Float64Array(tabulatedMax);
  for (let degree = 0; degree < tabulatedMax; degree++) powers[degree] = (degree + shift) ** exponent;
  if (powers[0] === Infinity) powers[0] = 0;
  return powers;
}
