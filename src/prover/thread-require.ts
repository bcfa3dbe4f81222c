import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * A `require` for a package that loads ffjavascript, in any thread. Two of the packages that come with it do harm in threads:
 *
 * - web-worker takes a worker thread that it is loaded in for one of its own and rewires the thread's globals. Nobody
 *   here calls it: an empty module stands in for it.
 * - blake-hash is a native addon that keeps its constructors in variables of the process. A thread that loads it lets go
 *   of those of the thread that loaded it before, and so writes to memory that was freed when that thread ended: the
 *   process crashes some time later. Only circomlibjs' entry requires it, which nobody here loads, in any thread.
 */
export function createThreadRequire(packageName: string): NodeJS.Require {
  const require = createRequire(import.meta.url);
  const ofPackage = createRequire(require.resolve(packageName));
  if (!isMainThread) {
    const ofFields = createRequire(ofPackage.resolve('ffjavascript'));
    standIn(require, ofFields.resolve('web-worker'), () => ({}));
  }
  return require;
}

/** Has everybody in this thread who requires the module at a path get something else, unless it is loaded. */
function standIn(require: NodeJS.Require, path: string, load: () => unknown): void {
  require.cache[path] ??= { id: path, filename: path, loaded: true, exports: load() } as NodeJS.Module;
}
