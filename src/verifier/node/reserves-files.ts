import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { requirePath } from '../../protocol/index.js';
import {
  MAX_RESERVES_BYTES,
  MAX_SIGNATURE_BYTES,
  RESERVES_FILE,
  RESERVES_SIGNATURE_FILE,
} from '../../protocol/reserves/index.js';
import type { ReservesSource } from '../reserves/source.js';
import { readRegularFile, unreadable } from './files.js';
import { refuseUse } from '../errors.js';

/**
 * Opens a directory of reserves. Its lists and states are read when they are checked, each no further than it was signed.
 * @throws SolventError `file-unreadable` (usage), then or now.
 */
export async function openReserves(directory: string): Promise<ReservesSource> {
  const names = await readdir(requirePath(directory, 'the reserves')).catch((cause: unknown) => {
    throw unreadable(directory, cause, 'reserves');
  });
  if (!names.includes(RESERVES_FILE)) {
    throw refuseUse('file-unreadable', {
      expected: `reserves at ${directory}`,
      found: `a directory without ${RESERVES_FILE}`,
      advice: 'name the directory that the platform published as its reserves',
      details: { path: directory, reason: 'ENOENT' },
    });
  }
  // A byte more than may be: a longer file is refused for its size, and not read.
  const read = (name: string, sizeBytes: number) => readRegularFile(join(directory, name), sizeBytes + 1);
  return {
    reserves: await read(RESERVES_FILE, MAX_RESERVES_BYTES + 1),
    signature: await read(RESERVES_SIGNATURE_FILE, MAX_SIGNATURE_BYTES + 1),
    readFile: read,
  };
}
