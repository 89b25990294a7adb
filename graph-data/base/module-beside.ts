/**
 * The module `name` beside that of `url`, an `import.meta.url`, for a thread or a process to run: TypeScript in a
 * checkout, JavaScript in the installed package.
 */
export function moduleBeside(name: string, url: string): URL {
  const { pathname } = new URL(url);
  return new URL(name + pathname.slice(pathname.lastIndexOf('.')), url);
}
