import {
  type Code,
  type Local,
  type ModuleFunction,
  defineFunction,
  f64,
  f64x2,
  get,
  i32,
  i32x4,
  leaveIf,
  loop,
  set,
  v128,
  when,
} from '../wasm/index.ts';
import { reached, result } from './reached-code.ts';

/** Constants of engine/random: the first draw depends on half of a stream's state, which is all that is computed here. */
const [firstMultiplier, lowSalt] = [0x9e3779bb, 0x9e3779b9];
const mixers = [0x85ebca6b, 0xc2b2ae35] as const;

/** More than the steps of any pin. */
export const stepsBase: number = 2 ** 21;

/**
 * Rounds `steps` times the share of each pin, at least one, to an integer, up or down by the first draw of its stream (`nextUnit`
 * of engine/random). Writes pin · {@link stepsBase} + steps of those with any. Returns the end of what it wrote.
 */
export function roundSteps(): ModuleFunction {
  const parameters = {
    value: 'i32',
    valuesEnd: 'i32',
    pin: 'i32',
    drawn: 'i32',
    divisor: 'f64',
    steps: 'f64',
    seed: 'i32',
    substream: 'i32',
  } as const;
  const locals = {
    node: 'i32',
    state: 'i32',
    count: 'i32',
    unit: 'f64',
    groupEnd: 'i32',
    states: 'v128',
  } as const;
  return defineFunction('roundSteps', parameters, locals, (v) => {
    const steps = f64.mul(f64.div(f64.load(reached, get(v.value)), get(v.divisor)), get(v.steps));
    const draw = f64.convertI32U(i32.mul(get(v.state), i32.const(firstMultiplier)));
    const pair = f64.add(
      f64.mul(f64.convertI32S(get(v.node)), f64.const(stepsBase)),
      f64.convertI32S(get(v.count)),
    );
    // Whether either of two pins, whose draws come first in a vector, gets steps.
    const anySteps = (draws: Code, offset: number): Code => {
      const shares = f64x2.div(v128.load(reached, get(v.value), offset), f64x2.splat(get(v.divisor)));
      const units = f64x2.mul(f64x2.convertLowI32U(draws), f64x2.splat(f64.const(2 ** -32)));
      const sums = f64x2.add(f64x2.mul(shares, f64x2.splat(get(v.steps))), units);
      return f64x2.ge(sums, f64x2.splat(f64.const(1)));
    };
    return [
      set(v.seed, i32.xor(get(v.seed), i32.const(lowSalt))),
      mix(v.seed),
      loop([
        set(v.groupEnd, i32.add(get(v.value), i32.const(32))),
        // Four pins at a time, few of which get any; what is read behind the last one does not count.
        set(v.states, i32x4.xor(i32x4.splat(get(v.seed)), v128.load(reached, get(v.pin)))),
        mixFour(v.states),
        set(v.states, i32x4.xor(get(v.states), i32x4.splat(get(v.substream)))),
        mixFour(v.states),
        set(v.states, i32x4.mul(get(v.states), i32x4.splat(i32.const(firstMultiplier)))),
        when(v128.anyTrue(v128.or(anySteps(get(v.states), 0), anySteps(v128.high(get(v.states)), 16))), [
          loop([
            set(v.node, i32.load(reached, get(v.pin))),
            set(v.state, i32.xor(get(v.seed), get(v.node))),
            mix(v.state),
            set(v.state, i32.xor(get(v.state), get(v.substream))),
            mix(v.state),
            set(v.unit, f64.mul(draw, f64.const(2 ** -32))),
            set(v.count, i32.truncF64(f64.add(steps, get(v.unit)))),
            // Always written, but kept only if there are any: a branch would be mispredicted too often.
            f64.store(reached, get(v.drawn), pair),
            set(v.drawn, i32.add(get(v.drawn), i32.shl(i32.gtS(get(v.count), i32.const(0)), i32.const(3)))),
            set(v.pin, i32.add(get(v.pin), i32.const(4))),
            set(v.value, i32.add(get(v.value), i32.const(8))),
            leaveIf(
              i32.and(i32.ltU(get(v.value), get(v.valuesEnd)), i32.ltU(get(v.value), get(v.groupEnd))),
              0,
            ),
          ]),
        ]),
        set(v.pin, i32.add(get(v.pin), i32.shrU(i32.sub(get(v.groupEnd), get(v.value)), i32.const(1)))),
        set(v.value, get(v.groupEnd)),
        leaveIf(i32.ltU(get(v.value), get(v.valuesEnd)), 0),
      ]),
      result(0, get(v.drawn)),
    ];
  });
}

/** `mix32` of engine/random. */
function mix(value: Local): Code {
  const shifted = (by: number): Code => set(value, i32.xor(get(value), i32.shrU(get(value), i32.const(by))));
  const multiplied = (by: number): Code => set(value, i32.mul(get(value), i32.const(by)));
  return [shifted(16), multiplied(mixers[0]), shifted(13), multiplied(mixers[1]), shifted(16)];
}

/** {@link mix} of four integers. */
function mixFour(values: Local): Code {
  const shifted = (by: number): Code =>
    set(values, i32x4.xor(get(values), i32x4.shrU(get(values), i32.const(by))));
  const multiplied = (by: number): Code => set(values, i32x4.mul(get(values), i32x4.splat(i32.const(by))));
  return [shifted(16), multiplied(mixers[0]), shifted(13), multiplied(mixers[1]), shifted(16)];
}
