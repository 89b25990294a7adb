/**
 * A sparse vector of non-negative numbers, indexed by node: a dense array of values and a list of the nodes with a
 * nonzero value. Adding is O(1), clearing O(nonzero values).
 */
export class SparseVector {
  values: Float64Array = new Float64Array(0);
  nodes: Int32Array = new Int32Array(0);
  size = 0;

  /** Clears the vector and makes room for nodes in [0, length). */
  begin(length: number): void {
    for (let i = 0; i < this.size; i++) this.values[this.nodes[i]!] = 0;
    this.size = 0;
    if (this.values.length >= length) return;
    this.values = new Float64Array(length);
    this.nodes = new Int32Array(length);
  }

  /** Adds a positive amount to a node's value. */
  add(node: number, amount: number): void {
    if (this.values[node] === 0) this.nodes[this.size++] = node;
    this.values[node]! += amount;
  }

  /** The sum of all values, in the order in which the nodes were added. */
  sum(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.values[this.nodes[i]!]!;
    return sum;
  }
}
