import { bytesToHex, hashLabelled } from '../bytes.js';
import { encodeCanonicalJson } from '../canonical-json.js';

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
