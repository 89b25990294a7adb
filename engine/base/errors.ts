/** Codes of {@link EngineError}, a closed list. */
type EngineErrorCode = 'invalid-parameter' | 'invalid-graph';

/**
 * A broken precondition of the engine: a parameter outside its range or arrays that are not a graph.
 * `field` names the parameter or array at fault, so that a caller can point at it.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly field: string;

  constructor(code: EngineErrorCode, field: string, message: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
