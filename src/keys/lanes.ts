/** Runs work when a lane is free, in the order in which it comes. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Opens lanes in which so many pieces of work are done at a time. The first failure halts them: what runs goes on to its
 * end, and what waits rejects with the same error.
 * @param count at least 1; less counts as 1.
 * @param halt shared by lanes that stop together; aborted by the first failure in any of them.
 * @returns what runs work. Its promises may be left alone: one that rejects without a listener ends no process.
 */
export function openLanes(count: number, halt = new AbortController()): Lanes {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, count);
  const enter = (): Promise<void> => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const run: Lanes = async (work) => {
    await enter();
    try {
      halt.signal.throwIfAborted();
      return await work();
    } catch (error) {
      halt.abort(error);
      throw error;
    } finally {
      leave();
    }
  };
  return (work) => {
    const done = run(work);
    done.catch(() => undefined);
    return done;
  };
}
