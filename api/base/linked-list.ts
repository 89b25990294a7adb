/**
 * Members in the order in which they came; each can leave at any time, in O(1). For what comes and goes with every
 * request, in the place of a Set or a Map: those of V8 leave a chain of outgrown tables behind, which holds all that
 * went through them until the next full garbage collection. Pauses of 20 ms twice a second came of it
 * (docs/perf-notes.md).
 */
export class LinkedList<Member> implements Iterable<Member> {
  #first: Node<Member> | undefined;
  #last: Node<Member> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a member to the end. Returns the function that takes it out again, which may be called twice. */
  add(member: Member): () => void {
    const node: Node<Member> = { member, before: this.#last, after: undefined, isIn: true };
    if (this.#last === undefined) this.#first = node;
    else this.#last.after = node;
    this.#last = node;
    this.#size++;
    return () => this.#remove(node);
  }

  /** Members may leave while they are gone through, the current one too. */
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
    // One that is out must not hold those that were beside it.
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
