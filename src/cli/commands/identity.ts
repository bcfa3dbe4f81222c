import type { Command } from 'commander';

import { writeFileAtomically } from '../../system/index.js';
import { encodeRotation, parseName, SolventError } from '../../protocol/index.js';
import { createIdentity, loadIdentity, rotateIdentity, type SigningKey } from '../../identity/index.js';
import { parseHash } from '../arguments.js';
import { addIdentityOptions, loadFlaggedIdentity, type IdentityFlags } from '../identity-flags.js';
import { readPassphrase } from '../passphrase.js';

/** `solvent identity …`: the key that signs, and its change. */
export function addIdentityCommand(program: Command): void {
  const identity = program
    .command('identity')
    .description('the private key that signs manifests or contributions');
  identity
    .command('new')
    .description('make an Ed25519 key, encrypted with a passphrase')
    .requiredOption('--out <file>', 'a new file')
    .option('--passphrase-file <file>', 'holds the passphrase (default: SOLVENT_PASSPHRASE, or asked)')
    .action(async ({ out, passphraseFile: file }: { out: string; passphraseFile?: string }) => {
      const passphrase = await readPassphrase('Passphrase for the new key: ', { file, twice: true });
      const { publicKey } = await createIdentity({ path: out, passphrase });
      process.stdout.write(
        `Wrote ${out}. Keep a copy of it elsewhere, and of its passphrase elsewhere again.\nPublic key: ${publicKey}\n`,
      );
    });
  addIdentityOptions(
    identity.command('show').description('show the public key of a private one'),
    'the private key',
  ).action(async (flags: IdentityFlags) => {
    process.stdout.write(`Public key: ${(await loadFlaggedIdentity(flags)).publicKey}\n`);
  });
  addRotate(identity);
}

type RotateFlags = IdentityFlags & {
  readonly to: string;
  readonly toPassphraseFile?: string;
  readonly platform: string;
  readonly lastManifest?: string;
  readonly out: string;
};

function addRotate(identity: Command): void {
  addIdentityOptions(
    identity
      .command('rotate')
      .description('hand the platform’s name from one key to another, signed by both'),
    'the old private key',
  )
    .requiredOption('--to <file>', 'the new private key')
    .option('--to-passphrase-file <file>', 'holds the passphrase of the new key (default: asked)')
    .requiredOption('--platform <name>', 'the platform, as its manifests name it')
    .option('--last-manifest <hash>', 'the last manifest that the old key signed', parseHash)
    .requiredOption('--out <file>', 'the entry to publish; name it rotation….json, beside the bundles')
    .action(async (flags: RotateFlags) => {
      const oldKey = await loadFlaggedIdentity(flags);
      const newKey = await loadNewKey(flags);
      if (newKey.publicKey === oldKey.publicKey) {
        throw new SolventError(
          'usage',
          'keys-alike',
          `expected another key in ${flags.to}, got the old one: make a new one with solvent identity new`,
        );
      }
      const rotation = rotateIdentity({
        platform: parsePlatform(flags.platform),
        oldKey,
        newKey,
        lastManifestHash: flags.lastManifest ?? null,
        at: `${new Date().toISOString().slice(0, 19)}Z`,
      });
      await writeFileAtomically(flags.out, encodeRotation(rotation));
      process.stdout.write(
        `Wrote ${flags.out}. Publish it, and send it to everyone who holds a trust file.\n` +
          `Old key: ${rotation.oldKey}\nNew key: ${rotation.newKey}\n`,
      );
    });
}

function parsePlatform(platform: string): string {
  try {
    return parseName(platform);
  } catch (error) {
    if (!(error instanceof SolventError)) throw error;
    const { code, message } = error as SolventError;
    throw new SolventError('usage', code, `--platform: ${message}`, { cause: error });
  }
}

async function loadNewKey({ to: path, toPassphraseFile: file }: RotateFlags): Promise<SigningKey> {
  const passphrase = await readPassphrase(`Passphrase of ${path}: `, { file });
  return loadIdentity({ path, passphrase });
}
