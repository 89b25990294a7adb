import { Problem } from '../base/index.ts';

/** Bounds the fields of a list, before they take as much memory. */
export class FieldLength {
  readonly #max: number;
  #length = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Throws `invalid-request` when the fields so far are too long. */
  counted(fields: Record<string, unknown>): Record<string, unknown> {
    for (const value of Object.values(fields)) {
      this.#length += typeof value === 'string' ? value.length : JSON.stringify(value).length;
    }
    if (this.#length <= this.#max) return fields;
    const detail = `the fields of the items have over ${this.#max} characters: request fewer fields, or a smaller limit`;
    throw new Problem('invalid-request', detail, [{ pointer: '/fields', code: 'too-big', detail }]);
  }
}
