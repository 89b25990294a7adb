import { registerHooks } from 'node:module';

const root = new URL('../../', import.meta.url).href;
const isCheckout = import.meta.url.endsWith('.ts');
const [extension, format] = isCheckout ? ['.ts', 'module-typescript'] : ['.js', 'module'];

/** zod loads the texts of some sixty languages, of which only the English ones are used: 20 ms of processor time in each thread. */
const [zodFolder, zodLanguages, zodEnglish] = ['/zod/v4/', '../locales/index.js', '../locales/en.js'];

/**
 * From here on, this thread finds pinwalk's own modules by the names of their files. Looking up each in the
 * file system, with the package that it belongs to, took a sixth of the processor time of a command (0.55
 * against 0.46 s, 12 alternating pairs of `recommend`).
 */
export function findOwnModules(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const { parentURL = '' } = context;
      const isOwn =
        specifier.startsWith('.') &&
        specifier.endsWith(extension) &&
        parentURL.startsWith(root) &&
        !parentURL.includes('/node_modules/');
      if (isOwn) return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
      const isOfZod = specifier === zodLanguages && parentURL.includes(zodFolder);
      return nextResolve(isOfZod ? zodEnglish : specifier, context);
    },
  });
}
