import { SolventError } from '../../protocol/index.js';

/** Names the file or line in what a parser refuses. @throws what it throws, with the place in front. */
export function within<T>(position: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { errorClass, code, message, details } = error as SolventError;
    throw new SolventError(errorClass, code, `${position}: ${message}`, { details });
  }
}
