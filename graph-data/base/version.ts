import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The version of pinwalk, from package.json. */
export const { version } = require('pinwalk/package.json') as { readonly version: string };
