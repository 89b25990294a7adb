/**
 * Members in insertion order, each removable in O(1). Replaces Set and Map for members that live as long as one request:
 * V8's leave a chain of outgrown tables behind, which retains every former member until the next full garbage collection.
 * That caused pauses of 20 ms twice a second (docs/perf-notes.md).
 */
export class LinkedList<Member> implements Iterable<Member> {
  #first: Node<Member> | undefined;
  #last: Node<Member> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a member at the end. Returns the function that removes it, which may be called twice. */
  add(member: Member): () => void {
    const node: Node<Member> = { member, before: this.#last, after: undefined, isIn: true };
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.#size++;
    return () => this.#remove(node);
  }

  /** Members may be removed during the iteration, the current one too. */
  *[Symbol.iterator](): Generator<Member, void, undefined> {
    for (let node = this.#first; node !== undefined;) {
      const { member, after } = node;
      yield member;
      node = node.isIn ? node.after : after;
    }
  }

  #remove(node: Node<Member>): void {
    if (!node.isIn) return;
    const { before, after } = node;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    // A removed node must not retain its former neighbors.
    node.before = undefined;
    node.after = undefined;
    node.isIn = false;
    this.#size--;
  }
}

interface Node<Member> {
  readonly member: Member;
  before: Node<Member> | undefined;
  after: Node<Member> | undefined;
  isIn: boolean;
}
