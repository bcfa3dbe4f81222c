import { SolventError, type KeyProvenance, type RowLayout } from '../../protocol/index.js';
import { loadKeys } from './key-set.js';

/** One circuit's proving key. */
export type KeyListing = {
  readonly profile: string;
  readonly circuit: string;
  readonly parameters: RowLayout;
  readonly sizeBytes: number;
  readonly provenance: KeyProvenance;
  readonly fingerprint: string;
  readonly sha256: string;
  /** Whether its files were read through and are whole; undefined where they were not read. */
  readonly isWhole?: boolean;
};

/**
 * Lists the proving keys of a directory.
 * @param options `check`: read every file through, and say which are not what the list states.
 * @throws SolventError as `loadKeys`.
 */
export async function listKeys(
  keysDirectory: string,
  { check = false }: { readonly check?: boolean } = {},
): Promise<readonly KeyListing[]> {
  const { profile, provenance, circuits } = await loadKeys(keysDirectory);
  const listings: KeyListing[] = [];
  for (const { name, parameters, fingerprint, zkeySizeBytes, zkeySha256, checkFiles } of circuits) {
    const listing = {
      profile,
      circuit: name,
      parameters,
      sizeBytes: zkeySizeBytes,
      provenance,
      fingerprint,
      sha256: zkeySha256,
    };
    listings.push(check ? { ...listing, isWhole: await isWhole(checkFiles) } : listing);
  }
  return listings;
}

async function isWhole(checkFiles: () => Promise<void>): Promise<boolean> {
  try {
    await checkFiles();
    return true;
  } catch (error) {
    if (error instanceof SolventError && error.errorClass === 'artefact') return false;
    throw error;
  }
}
