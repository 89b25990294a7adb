import { registerHooks } from 'node:module';

/**
 * Imports of files beside the importer resolve by their name alone: Node would ask the file system about each, and Vitest would send each
 * to its main process for a graph that only watching needs, some thousand messages a test file.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier.startsWith('.') && specifier.endsWith('.ts') && context.parentURL?.startsWith('file:') === true
      ? {
          url: new URL(specifier, context.parentURL).href,
          format: 'module-typescript',
          shortCircuit: true,
        }
      : nextResolve(specifier, context),
});
