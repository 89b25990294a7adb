import { type NodeRef, nodeId } from '../address/index.ts';
import { type Board, type Pin, type RestClient, pathOf } from '../rest/index.ts';

const titlesMax = 5_000;

/** Titles of pins and boards, each loaded at most once, because most responses name nodes by key alone. */
export class TitleCache {
  readonly #client: RestClient;
  readonly #titles = new Map<string, string>();
  readonly #loading = new Map<string, Promise<string>>();

  constructor(client: RestClient) {
    this.#client = client;
  }

  /** Keeps a title that a response contained. */
  add(node: NodeRef, title: unknown): void {
    if (typeof title !== 'string' || title.trim() === '') return;
    if (this.#titles.size >= titlesMax) this.#titles.clear();
    this.#titles.set(nodeId(node), title);
  }

  /** The title if it is cached, otherwise the key. */
  get(node: NodeRef): string {
    return this.#titles.get(nodeId(node)) ?? node.key;
  }

  /** The title; the key where there is none, or where it cannot be loaded. Never rejects. */
  async load(node: NodeRef): Promise<string> {
    const id = nodeId(node);
    const title = this.#titles.get(id);
    if (title !== undefined || node.kind === 'user') return title ?? node.key;
    if (this.#loading.size >= titlesMax) this.#loading.clear();
    const loading = this.#loading.get(id) ?? this.#fetch(node);
    this.#loading.set(id, loading);
    return loading;
  }

  async #fetch(node: NodeRef): Promise<string> {
    try {
      const { title } = await this.#client.get<Pin | Board>(pathOf(node));
      this.add(node, title);
      return title ?? node.key;
    } catch {
      // A later call may succeed.
      this.#loading.delete(nodeId(node));
      return node.key;
    }
  }
}
