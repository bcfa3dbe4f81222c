import {
  lastQuicknetRoundAt,
  quicknetInstantMs,
  verifyQuicknetRound,
  type QuicknetRound,
} from '../beacon/index.js';

/** Days after a snapshot's instant among which the second is drawn, once they have passed. */
const DRAWN_DAYS = 7;
const DAY_MS = 86_400_000;
/** Bits of the randomness that a second is taken of: many more than there are seconds, so that each is as likely. */
const DRAWN_DIGITS = 32;

/** The round of drand's quicknet that draws the second instant: the first that is public seven days after the snapshot's. */
export function secondInstantRound(takenAt: string): number {
  const drawnMs = Date.parse(takenAt) + DRAWN_DAYS * DAY_MS;
  const last = lastQuicknetRoundAt(drawnMs);
  return quicknetInstantMs(last) === drawnMs ? last : last + 1;
}

/**
 * The second instant, RFC 3339 in UTC: a whole second of the seven days after the snapshot's, drawn once they have passed, so that
 * nobody knew it while it could have been prepared for.
 * @throws SolventError `beacon-signature-invalid` where the signature is not that of the round that draws it.
 */
export function drawSecondInstant(takenAt: string, beacon: QuicknetRound): string {
  const { randomness } = verifyQuicknetRound({ ...beacon, round: secondInstantRound(takenAt) });
  const seconds = BigInt((DRAWN_DAYS * DAY_MS) / 1000);
  const drawn = Number(BigInt(`0x${randomness.slice(0, DRAWN_DIGITS)}`) % seconds);
  const firstSeconds = Math.floor(Date.parse(takenAt) / 1000) + 1;
  return new Date((firstSeconds + drawn) * 1000).toISOString().replace('.000Z', 'Z');
}
