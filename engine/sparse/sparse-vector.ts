/**
 * A vector of non-negative numbers that is mostly zero, over nodes 0 .. length - 1: values in a dense array,
 * and a list of the nodes that have one. Adding is O(1), clearing O(nodes that have a value).
 */
export class SparseVector {
  values: Float64Array = new Float64Array(0);
  nodes: Int32Array = new Int32Array(0);
  size = 0;

  /** Empties the vector and makes it `length` long. */
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

  /** The sum of all values, in the order in which the nodes came. */
  sum(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.values[this.nodes[i]!]!;
    return sum;
  }
}
