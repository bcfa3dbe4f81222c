import type { Command } from 'commander';

import { writeFileAtomically } from '../../system/index.js';
import { encodeRotation } from '../../protocol/index.js';
import { createIdentity, loadIdentity, rotateIdentity, type SigningKey } from '../../identity/index.js';
import { addExample } from '../../verifier/command/index.js';
import {
  parseHash,
  parsePlatform,
  addIdentityOptions,
  loadFlaggedIdentity,
  type IdentityFlags,
} from '../arguments.js';

import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';
import { readPassphrase } from '../passphrase.js';
import { refuseCommand } from '../errors.js';

/** `solvent identity …`: the key that signs, and its change. */
export function addIdentityCommand(program: Command): void {
  const identity = program
    .command('identity')
    .description('the private key that signs manifests or contributions');
  const create = identity
    .command('new')
    .description('make an Ed25519 key, encrypted with a passphrase')
    .requiredOption('--out <file>', 'a new file')
    .option('--passphrase-file <file>', 'holds the passphrase (default: SOLVENT_PASSPHRASE, or asked)');
  addOutputOptions(create);
  addExample(create, 'identity new --out exchange.pem').action(
    async ({ out, passphraseFile: file, ...flags }: NewFlags) => {
      const passphrase = await readPassphrase('Passphrase for the new key: ', { file, twice: true });
      const { publicKey } = await createIdentity({ path: out, passphrase });
      writeResult(flags, {
        object: { path: out, publicKey },
        text: `Wrote ${out}. Keep a copy of it elsewhere, and of its passphrase elsewhere again.\nPublic key: ${publicKey}\n`,
        line: publicKey,
      });
    },
  );
  const show = addIdentityOptions(
    identity.command('show').description('show the public key of a private one'),
    'the private key',
  );
  addOutputOptions(show);
  addExample(show, 'identity show --identity exchange.pem').action(
    async (flags: IdentityFlags & OutputFlags) => {
      const { publicKey } = await loadFlaggedIdentity(flags);
      writeResult(flags, { object: { publicKey }, text: `Public key: ${publicKey}\n`, line: publicKey });
    },
  );
  addRotate(identity);
}

type NewFlags = OutputFlags & { readonly out: string; readonly passphraseFile?: string };

type RotateFlags = OutputFlags &
  IdentityFlags & {
    readonly to: string;
    readonly toPassphraseFile?: string;
    readonly platform: string;
    readonly lastManifest?: string;
    readonly out: string;
  };

function addRotate(identity: Command): void {
  const command = addIdentityOptions(
    identity
      .command('rotate')
      .description('hand the platform’s name from one key to another, signed by both'),
    'the old private key',
  )
    .requiredOption('--to <file>', 'the new private key')
    .option('--to-passphrase-file <file>', 'holds the passphrase of the new key (default: asked)')
    .requiredOption('--platform <name>', 'the platform, as its manifests name it')
    .option('--last-manifest <hash>', 'the last manifest that the old key signed', parseHash)
    .requiredOption('--out <file>', 'the entry to publish; name it rotation….json, beside the bundles');
  addOutputOptions(command);
  addExample(
    command,
    'identity rotate --identity old.pem --to new.pem --platform "Example Exchange" --out rotation-2026-03.json',
  ).action(async (flags: RotateFlags) => {
    const oldKey = await loadFlaggedIdentity(flags);
    const newKey = await loadNewKey(flags);
    if (newKey.publicKey === oldKey.publicKey) {
      throw refuseCommand('keys-alike', { expected: `another key in ${flags.to}`, found: 'the old one' });
    }
    const rotation = rotateIdentity({
      platform: parsePlatform(flags.platform),
      oldKey,
      newKey,
      lastManifestHash: flags.lastManifest ?? null,
      at: `${new Date().toISOString().slice(0, 19)}Z`,
    });
    await writeFileAtomically(flags.out, encodeRotation(rotation));
    const { oldKey: from, newKey: to } = rotation;
    writeResult(flags, {
      object: { path: flags.out, oldKey: from, newKey: to, lastManifestHash: rotation.lastManifestHash },
      text:
        `Wrote ${flags.out}. Publish it, and send it to everyone who holds a trust file.\n` +
        `Old key: ${from}\nNew key: ${to}\n`,
      line: flags.out,
    });
  });
}

async function loadNewKey({ to: path, toPassphraseFile: file }: RotateFlags): Promise<SigningKey> {
  const passphrase = await readPassphrase(`Passphrase of ${path}: `, { file });
  return loadIdentity({ path, passphrase });
}
