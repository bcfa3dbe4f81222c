import {
  lastQuicknetRoundAt,
  quicknetInstantMs,
  verifyQuicknetRound,
  type QuicknetRound,
} from '../beacon/index.js';
import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';

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

/** When that round is public, RFC 3339 in UTC: who names the first instant later than that chooses the second one with it. */
export function secondInstantDrawnAt(takenAt: string): string {
  return new Date(quicknetInstantMs(secondInstantRound(takenAt))).toISOString().replace('.000Z', 'Z');
}

/**
 * The second instant, RFC 3339 in UTC: a whole second of the seven days after the snapshot's. It is drawn once these
 * have passed, so that nobody knew it while it could have been prepared for.
 * @throws SolventError `beacon-signature-invalid` where the signature is not that of the round that draws it.
 */
export function drawSecondInstant(takenAt: string, beacon: QuicknetRound): string {
  const { randomness } = verifyQuicknetRound({ ...beacon, round: secondInstantRound(takenAt) });
  const seconds = BigInt((DRAWN_DAYS * DAY_MS) / 1000);
  const drawn = Number(BigInt(`0x${randomness.slice(0, DRAWN_DIGITS)}`) % seconds);
  const firstSeconds = Math.floor(Date.parse(takenAt) / 1000) + 1;
  return new Date((firstSeconds + drawn) * 1000).toISOString().replace('.000Z', 'Z');
}

const CHALLENGE_LABEL = 'solvent/reserves-challenge/v1';
const MESSAGE_LABEL = 'solvent/reserves/v1';

/** What signatures of reserves are bound to. */
export type ChallengeParts = {
  readonly platform: string;
  /** The instant, RFC 3339 in UTC. */
  readonly takenAt: string;
  /** The platform's signing key, 64 hexadecimal digits. */
  readonly signingKey: string;
  /** The hash of the snapshot's own manifest, 64 hexadecimal digits. */
  readonly snapshotHash: string;
  /** The pinned blocks, sorted by chain. */
  readonly blocks: readonly { readonly chain: string; readonly hash: string }[];
};

/** SHA-256("solvent/reserves-challenge/v1" ‖ 0 ‖ canonical JSON of the parts), 64 hexadecimal digits. */
export function deriveChallenge(parts: ChallengeParts): string {
  const { platform, takenAt, signingKey, snapshotHash } = parts;
  const blocks = parts.blocks.map(({ chain, hash }) => ({ chain, hash }));
  return bytesToHex(
    hashLabelled(
      CHALLENGE_LABEL,
      encodeCanonicalJson({ platform, takenAt, signingKey, snapshotHash, blocks }),
    ),
  );
}

/** The text that the key of a wallet signs: four lines, without a line feed at the end. */
export function composeMessage(
  { platform, takenAt }: Pick<ChallengeParts, 'platform' | 'takenAt'>,
  challenge: string,
  wallet: { readonly chain: string; readonly address: string },
): string {
  return [
    `${platform} shows that it controls ${wallet.chain}:${wallet.address}`,
    `as of ${takenAt}`,
    'for its users only, for no other platform',
    `${MESSAGE_LABEL} ${challenge}`,
  ].join('\n');
}
