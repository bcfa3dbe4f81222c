import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * A `require` for a package that loads ffjavascript, in any thread. Its dependency web-worker takes a worker thread
 * that it is loaded in for one of its own and rewires the thread's globals; nobody here calls it, so an empty module
 * stands in for it.
 */
export function createThreadRequire(packageName: string): NodeJS.Require {
  const require = createRequire(import.meta.url);
  if (!isMainThread) {
    const fromFields = createRequire(createRequire(require.resolve(packageName)).resolve('ffjavascript'));
    const path = fromFields.resolve('web-worker');
    require.cache[path] ??= { id: path, filename: path, loaded: true, exports: {} } as NodeJS.Module;
  }
  return require;
}
