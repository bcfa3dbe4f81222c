import { createHash } from 'node:crypto';

import { withFile } from '../../iden3/index.js';

const READ_CHUNK_BYTES = 1 << 20;

/** BLAKE2b (64 bytes) of a file, in hexadecimal, read as a stream. @throws SolventError `file-unreadable`. */
export async function hashPtau(
  path: string,
  onProgress?: (progress: { readonly doneBytes: number }) => void,
): Promise<string> {
  return withFile(path, async (handle) => {
    const hash = createHash('blake2b512');
    let doneBytes = 0;
    const stream = handle.createReadStream({ highWaterMark: READ_CHUNK_BYTES, autoClose: false });
    for await (const chunk of stream) {
      hash.update(chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      onProgress?.({ doneBytes });
    }
    return hash.digest('hex');
  });
}
