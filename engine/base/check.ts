import { EngineError } from './errors.ts';

/** Throws `invalid-parameter` for `field` unless a condition holds. */
export function check(holds: boolean, field: string, fault: string): asserts holds {
  if (!holds) throw new EngineError('invalid-parameter', field, `${field}: ${fault}`);
}
