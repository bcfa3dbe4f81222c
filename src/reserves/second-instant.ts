import { z } from 'zod';

import { QUICKNET, quicknetInstantMs, type QuicknetRound } from '../protocol/beacon/index.js';
import { drawSecondInstant, secondInstantRound } from '../protocol/reserves/index.js';
import { refuseMaking } from './errors.js';

const roundSchema = z.looseObject({ round: z.int(), signature: z.string() });

/**
 * Reads the round that draws the second instant of a snapshot, as the network publishes it in JSON.
 * @param bytes undefined where nobody brought one: what is thrown says where it is.
 * @throws SolventError `beacon-missing`, `beacon-signature-invalid`.
 */
export function parseBeaconRound(takenAt: string, bytes: Uint8Array | undefined): QuicknetRound {
  const wanted = secondInstantRound(takenAt);
  const found = bytes === undefined ? undefined : roundSchema.safeParse(readJson(bytes)).data;
  if (found?.round !== wanted) {
    throw refuseMaking('beacon-missing', {
      expected: `round ${wanted} of ${QUICKNET.name}, public from ${new Date(quicknetInstantMs(wanted)).toISOString()}`,
      found: found === undefined ? 'none' : `round ${found.round}`,
      advice: `save https://api.drand.sh/${QUICKNET.chainHash}/public/${wanted} and name it with --beacon`,
    });
  }
  const { round, signature } = found;
  drawSecondInstant(takenAt, { round, signature });
  return { round, signature };
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
