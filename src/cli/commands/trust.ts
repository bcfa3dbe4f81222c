import { dirname, join } from 'node:path';

import type { Command } from 'commander';

import { parseCeremonyEvidence } from '../../protocol/ceremony/index.js';
import { encodeJsonLine, PUBLISHED_FILES } from '../../protocol/index.js';
import { exportTrust, loadSigningKey } from '../../identity/index.js';
import { EVIDENCE_FILE, loadKeys, refuseKeys, type KeySet } from '../../keys/index.js';
import { readIfExists, writeFileAtomically } from '../../system/index.js';
import { createPairing, verifyCeremonyEvidence } from '../../verifier/index.js';
import { addExample, addTrustCommand, writeTrust, type Output } from '../../verifier/command/index.js';
import {
  parseHash,
  parsePlatform,
  addIdentityOptions,
  findIdentity,
  type IdentityFlags,
} from '../arguments.js';
import { requireNewFile } from '../new-file.js';

type ExportFlags = IdentityFlags & {
  readonly keys: string;
  readonly platform: string;
  readonly publicKey?: string;
  readonly out: string;
  readonly json?: true;
};

/** `solvent trust …`: what verifiers take on trust; all but its making is the verifier's own. */
export function addTrustCommands(program: Command, output: Output): void {
  const command = addIdentityOptions(
    addTrustCommand(program, output)
      .command('export')
      .description(
        'write the trust file of a directory of keys and a signing key, and the evidence of their ceremony beside it',
      ),
    'the platform’s private key',
  )
    .requiredOption('--keys <dir>', 'the keys of a profile')
    .requiredOption('--platform <name>', 'the platform, as its manifests name it')
    .option('--public-key <hex>', 'the platform’s public key, in place of the private one', parseHash)
    .requiredOption('--out <file>', 'the trust file')
    .option('--json', 'one JSON object instead of text');
  addExample(
    command,
    'trust export --keys keys --platform "Example Exchange" --identity exchange.pem --out trust.json',
  ).action(async ({ json, ...flags }: ExportFlags) => {
    const platform = parsePlatform(flags.platform);
    const keys = await loadKeys(flags.keys);
    const evidence = await recountCeremony(flags.keys, keys);
    // As `prove` does: where no key is named, the one beside development keys signs.
    const publicKey =
      flags.publicKey ?? ((await findIdentity(flags)) ?? (await loadSigningKey(flags.keys))).publicKey;
    const trust = exportTrust(keys, { platform, publicKey });
    await requireNewFile(flags.out, encodeJsonLine(trust));
    // Before the trust file, beside which readers and `solvent publish` look for it.
    if (evidence !== undefined) await writeBeside(flags.out, evidence);
    await writeTrust(flags.out, trust, { output, json });
  });
}

/**
 * Holds what keys state of their ceremony to the evidence that `ceremony finish` put beside them.
 * @returns the evidence; undefined for keys of no ceremony.
 * @throws SolventError `ceremony-evidence-missing`; of class `format`; of class `verification`.
 */
async function recountCeremony(
  directory: string,
  { provenance, circuits }: KeySet,
): Promise<Uint8Array | undefined> {
  if (provenance.kind !== 'ceremony') return undefined;
  const path = join(directory, EVIDENCE_FILE);
  const bytes = await readIfExists(path);
  if (bytes === undefined) {
    throw refuseKeys('ceremony-evidence-missing', {
      expected: `the evidence of the ceremony in ${path}`,
      found: 'none',
      details: { path },
    });
  }
  await verifyCeremonyEvidence(parseCeremonyEvidence(bytes), circuits, { pairing: await createPairing() });
  return bytes;
}

/** @throws SolventError `file-exists` where there is evidence of another ceremony. */
async function writeBeside(trustPath: string, evidence: Uint8Array): Promise<void> {
  const path = join(dirname(trustPath), PUBLISHED_FILES.ceremony.fileName);
  await requireNewFile(path, evidence);
  await writeFileAtomically(path, evidence);
}
