import {
  parseInstantNs,
  SolventError,
  verifyRotation,
  type Rotation,
  type Trust,
} from '../../protocol/index.js';
import { refuseUse, type HistoryCode } from '../errors.js';

/**
 * The trust that follows from an older one by rotations, in any order: each is signed by the key before, for the pinned
 * platform where one is pinned.
 * @throws SolventError `rotation-invalid`; `rotation-unplaced` where one is not reached from the pinned key, is another
 * platform's, or two are signed by one key.
 */
export function followRotations(trust: Trust, rotations: readonly Rotation[]): Trust {
  rotations.forEach(verifyRotation);
  const waiting = [...rotations];
  const { platform } = trust;
  let { signingKey } = trust;
  let lastNs = -(1n << 80n);
  while (waiting.length > 0) {
    const signed = waiting.filter(
      (rotation) => rotation.oldKey === signingKey && (platform === null || rotation.platform === platform),
    );
    // A key may return: the earliest of its rotations comes first, and those behind it must follow later.
    const earliest = signed.map(({ at }) => parseInstantNs(at)).reduce(least, undefined);
    const next = signed.filter(({ at }) => parseInstantNs(at) === earliest);
    if (next.length !== 1 || earliest! < lastNs) {
      const whose = platform === null ? '' : ` for ${platform}`;
      throw unplaced(`one rotation that ${signingKey} signed${whose}`, String(next.length));
    }
    waiting.splice(waiting.indexOf(next[0]!), 1);
    signingKey = next[0]!.newKey;
    lastNs = earliest!;
  }
  return { ...trust, signingKey };
}

function least(before: bigint | undefined, next: bigint): bigint {
  return before === undefined || next < before ? next : before;
}

/** An error about rotations that make no single line. */
export function unplaced(expected: string, found: string): SolventError<HistoryCode> {
  return refuseUse('rotation-unplaced', { expected, found });
}
