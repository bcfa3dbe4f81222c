import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  BUNDLE_FILES,
  formatManifestHash,
  PUBLISHED_FILES,
  type Manifest,
  type ManifestSignature,
  type Trust,
} from '../protocol/index.js';
import {
  createPairing,
  verifyBundle,
  verifyHistory,
  type HistoryEntry,
  type Report,
} from '../verifier/index.js';
import { findCeremonyEvidence, HISTORY_DIRECTORY, loadHistory, openBundle } from '../verifier/node/index.js';
import { refuseSite } from './errors.js';

/**
 * Verifies a bundle as its readers will, with the trust file that they will have. Development keys are let pass: the
 * site says what they are.
 * @param ceremony the evidence of the keys' ceremony, where readers will have it.
 * @returns whether the answer rests on such keys, which can prove anything, and how the keys came to be.
 * @throws SolventError `bundle-not-valid` with the verifier's code.
 */
export async function verifyAsReader(
  bundle: string,
  trust: Trust,
  ceremony?: Uint8Array,
): Promise<Pick<Report, 'insecure' | 'provenance'>> {
  const source = await openBundle(bundle);
  const { valid, code, verdict, insecure, provenance } = await verifyBundle(source, trust, {
    pairing: await createPairing(),
    ceremony,
    allowDevelopmentKeys: true,
  });
  if (valid) return { insecure, provenance };
  throw refuseSite('bundle-not-valid', {
    expected: 'a bundle that its readers find valid',
    found: `${code} (${verdict})`,
    details: { code },
  });
}

/**
 * Verifies a site as it was written, before anybody sees it: its history to this manifest, and with a trust file its bundle
 * and every earlier one whose proofs it has. These are held to the circuits that their own manifests state, which the history
 * has shown to be the platform’s: they were proven under the trust file of their time.
 * @throws SolventError `bundle-not-valid`; with a `HistoryCode`; of class `format`.
 */
export async function verifyAsWritten(
  site: string,
  { manifest, signature, trust }: { manifest: Manifest; signature: ManifestSignature; trust: Trust | null },
): Promise<void> {
  const history = await loadHistory(join(site, HISTORY_DIRECTORY));
  const lastManifestHash = formatManifestHash(manifest);
  // A site may leave out what was published before: then there is no chain to walk.
  const isWhole = history.manifests.some(
    ({ manifest: { previousManifestHash } }) => previousManifestHash === null,
  );
  const entries: readonly HistoryEntry[] = isWhole
    ? verifyHistory(history, { lastManifestHash, signingKey: signature.publicKey }).entries
    : [];
  if (trust === null) return;
  const trustPath = join(site, PUBLISHED_FILES.trust.fileName);
  await verifyAsReader(join(site, 'bundle'), trust, await findCeremonyEvidence({ trust: trustPath }));
  for (const { manifest: earlier, origin } of history.manifests) {
    if (!(await readdir(origin)).includes(BUNDLE_FILES.proofs)) continue;
    const hash = formatManifestHash(earlier);
    const entry = entries.find(({ manifestHash }) => manifestHash === hash);
    const signingKey = entry?.signingKey ?? signature.publicKey;
    const { platform, profile, indexBits } = earlier;
    const circuits = earlier.circuits.map(({ name, parameters, tag, fingerprint, provenance }) => ({
      ...{ name, parameters, tag, fingerprint, provenance },
    }));
    await verifyAsReader(origin, { ...trust, platform, profile, indexBits, signingKey, circuits });
  }
}
