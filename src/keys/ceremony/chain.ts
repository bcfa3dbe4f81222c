import { findChainFault, type Transcript } from '../../protocol/ceremony/index.js';
import { refuseKeys } from '../errors.js';

/**
 * Holds the steps of a transcript to each other, as `findChainFault` does. Whether the keys are as it says is for
 * `verifyCeremony`.
 * @throws SolventError `transcript-broken`, `transcript-signature-invalid`.
 */
export function assertChain(transcript: Transcript): void {
  const fault = findChainFault(transcript);
  if (fault === undefined) return;
  const { kind, position, expected, found } = fault;
  throw refuseKeys(kind === 'link' ? 'transcript-broken' : 'transcript-signature-invalid', {
    expected,
    found,
    details: { position, expected, found },
  });
}
