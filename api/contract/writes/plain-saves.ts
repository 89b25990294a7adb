import { type Check, haveChecked, isKey, isMs, isWithin } from './plain-checks.ts';
import { type SaveInput, savesMax } from './write-requests.ts';

const checks: Readonly<Record<keyof SaveInput, Check>> = {
  user: isKey,
  board: isKey,
  pin: isKey,
  savedAt: (value) => isMs(value) && (value as number) >= 0,
  weight: (value) => isWithin(value, Number.MIN_VALUE, Number.MAX_VALUE),
};
const checkOf: ReadonlyMap<string, Check> = new Map(Object.entries(checks));

/** Whether a save is certainly as its schema has it, and stays as it is, as `isPlainInteraction` does. */
export function isPlainSave(value: unknown): value is SaveInput {
  if (typeof value !== 'object' || value === null || !haveChecked(value, checkOf)) return false;
  const save = value as Partial<SaveInput>;
  return save.user !== undefined && save.pin !== undefined;
}

/** The result of the schema of saves for a body, if all its saves are plain. */
export function plainSaves(body: unknown): readonly SaveInput[] | undefined {
  if (!Array.isArray(body)) return isPlainSave(body) ? [body] : undefined;
  return body.length > 0 && body.length <= savesMax && body.every(isPlainSave) ? body : undefined;
}
