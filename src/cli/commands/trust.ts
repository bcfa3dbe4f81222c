import type { Command } from 'commander';

import { loadPublished, writeFileAtomically } from '../../system/index.js';
import { encodeJsonLine, parseTrust, type Trust } from '../../protocol/index.js';
import { exportTrust, followRotations, formatTrust, parseRotation } from '../../identity/index.js';
import { loadKeys } from '../../keys/index.js';
import { parseHash } from '../arguments.js';
import { addIdentityOptions, loadFlaggedIdentity, type IdentityFlags } from '../identity-flags.js';

type ExportFlags = IdentityFlags & {
  readonly keys: string;
  readonly publicKey?: string;
  readonly out: string;
};

/** `solvent trust …`: what verifiers take on trust. */
export function addTrustCommand(program: Command): void {
  const trust = program
    .command('trust')
    .description('the small file that verifiers are given, by another way than bundles');
  addIdentityOptions(
    trust.command('export').description('write the trust file of a folder of keys and a signing key'),
    'the platform’s private key',
  )
    .requiredOption('--keys <dir>', 'the keys of a profile')
    .option('--public-key <hex>', 'the platform’s public key, in place of the private one', parseHash)
    .requiredOption('--out <file>', 'the trust file')
    .action(async (flags: ExportFlags) => {
      const keys = await loadKeys(flags.keys);
      const publicKey = flags.publicKey ?? (await loadFlaggedIdentity(flags)).publicKey;
      const made = exportTrust(keys, { publicKey });
      await writeTrust(flags.out, made);
    });
  trust
    .command('rotate')
    .description('carry a trust file from the platform’s old key to its new one')
    .argument('<trust>', 'the trust file that you hold')
    .argument('<rotation...>', 'the entries that the platform published')
    .requiredOption('--out <file>', 'the new trust file')
    .action(async (path: string, rotationPaths: readonly string[], { out }: { readonly out: string }) => {
      const held = await loadTrust(path);
      const rotations = await Promise.all(
        rotationPaths.map((rotation) => loadPublished(rotation, parseRotation)),
      );
      await writeTrust(out, followRotations(held, rotations));
    });
  trust
    .command('show')
    .description('show a trust file as people print it')
    .argument('<trust>', 'the trust file')
    .action(async (path: string) => {
      process.stdout.write(formatTrust(await loadTrust(path)));
    });
}

async function loadTrust(path: string): Promise<Trust> {
  return loadPublished(path, parseTrust);
}

async function writeTrust(path: string, trust: Trust): Promise<void> {
  await writeFileAtomically(path, encodeJsonLine(trust));
  process.stdout.write(`Wrote ${path}:\n\n${formatTrust(trust)}`);
}
