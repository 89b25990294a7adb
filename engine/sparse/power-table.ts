const tabulatedMax = 2 ** 12;

/**
 * `(degree + shift) ** exponent` for integer degrees, with small degrees tabulated. Infinity becomes 0, so that a
 * node without neighbors contributes nothing: in a live graph, a query can meet a node that just lost its last one.
 */
export class PowerTable {
  readonly #powers = new Float64Array(tabulatedMax);
  #exponent = NaN;
  #shift = NaN;

  /** Fills the table for an exponent and a shift. O(1) if they have not changed. */
  begin(exponent: number, shift = 0): void {
    if (exponent === this.#exponent && shift === this.#shift) return;
    this.#exponent = exponent;
    this.#shift = shift;
    for (let degree = 0; degree < tabulatedMax; degree++) {
      this.#powers[degree] = (degree + shift) ** exponent;
    }
    if (this.#powers[0] === Infinity) this.#powers[0] = 0;
  }

  of(degree: number): number {
    return degree < tabulatedMax ? this.#powers[degree]! : (degree + this.#shift) ** this.#exponent;
  }
}
