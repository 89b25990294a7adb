import type { Code } from './code.ts';
import type { Local } from './instructions.ts';
import type { ModuleFunction, ValueType } from './module.ts';

/** A function whose parameters and other variables have names; `body` gets them by name. */
export function defineFunction<Parameter extends string, Other extends string>(
  name: string,
  parameters: Readonly<Record<Parameter, ValueType>>,
  locals: Readonly<Record<Other, ValueType>>,
  body: (v: Readonly<Record<Parameter | Other, Local>>) => Code,
): ModuleFunction {
  const names = [...Object.keys(parameters), ...Object.keys(locals)];
  const variables = Object.fromEntries(names.map((each, index) => [each, { index }]));
  return {
    name,
    parameters: Object.values(parameters),
    locals: Object.values(locals),
    body: body(variables as Record<Parameter | Other, Local>),
  };
}
