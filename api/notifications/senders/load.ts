import { DataError } from '../../../graph-data/base/index.ts';

/** Loads an optional package. Throws `package-missing` with the remedy. */
export async function load<Module>(name: string, loading: () => Promise<Module>): Promise<Module> {
  try {
    return await loading();
  } catch (cause) {
    const remedy = `npm install ${name}`;
    throw new DataError('package-missing', `the package ${name} cannot be loaded: ${remedy}`, { cause });
  }
}
