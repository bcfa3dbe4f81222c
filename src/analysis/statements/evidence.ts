import { readFile } from 'node:fs/promises';

import { REPORT_FORMAT } from '../../protocol/index.js';
import type { Snapshot } from '../../snapshot/index.js';
import { refuseAnalysis } from '../errors.js';

/** What a verifier said of the bundle that was made of a snapshot. */
export type VerdictEvidence = {
  readonly code: string;
  readonly verdict: string;
  readonly insecure: boolean;
  readonly manifestHash: string | null;
};

/**
 * Reads the report of `solvent-verify bundle --json`, and holds it to the snapshot that it is of.
 * @throws SolventError `report-unfit` of class `usage`.
 */
export async function readEvidence(path: string, snapshot: Snapshot): Promise<VerdictEvidence> {
  const unfit = (got: string) =>
    refuseAnalysis(
      'report-unfit',
      `expected the report of solvent-verify bundle --json on this snapshot’s bundle, got ${got}: verify the bundle again`,
    );
  let report: Readonly<Record<string, unknown>>;
  try {
    report = JSON.parse(await readFile(path, 'utf8')) as typeof report;
  } catch {
    throw unfit('a file that is none');
  }
  const { format, subject, platform, takenAt, code, verdict, insecure, manifestHash } = report;
  if (format !== REPORT_FORMAT || subject !== 'bundle') throw unfit('something else');
  if (platform !== snapshot.platform || takenAt !== snapshot.takenAt) throw unfit('that of another snapshot');
  const stated = report.stated as { readonly snapshotHash?: unknown } | null;
  if (stated?.snapshotHash !== snapshot.hash) throw unfit('that of another snapshot');
  if (typeof code !== 'string' || typeof verdict !== 'string') throw unfit('one without a verdict');
  return {
    code,
    verdict,
    insecure: insecure !== false,
    manifestHash: typeof manifestHash === 'string' ? manifestHash : null,
  };
}
