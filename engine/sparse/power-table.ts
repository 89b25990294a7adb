const tabulatedMax = 2 ** 12;

/**
 * `(degree + shift) ** exponent` for integer degrees, small ones looked up. 0 where that is infinite: a node without
 * neighbors, which in a live graph a query can meet when the last one has just gone, gives and gets nothing.
 */
export class PowerTable {
  readonly #powers = new Float64Array(tabulatedMax);
  #exponent = NaN;
  #shift = NaN;

  /** Makes this the table of one exponent and shift. O(1) when it is that already. */
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
