// Types of the installed package, which has no index.ts beside this file.
export * from './dist/index.js';
