/** pinwalk as a library: docs/library.md. */
export * from './api/library/index.ts';
