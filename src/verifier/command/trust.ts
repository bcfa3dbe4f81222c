import type { Command } from 'commander';

import { encodeJsonLine, hashTrust, parseRotation, type Trust } from '../../protocol/index.js';
import { followRotations } from '../history/history.js';
import { writeFileWhole } from '../node/files.js';
import { loadPublished } from '../node/reserves-files.js';
import { formatTrust } from '../../presentation/index.js';
import { loadComparedTrust, parseHash } from './flags.js';
import { addExample, encodeOutput, type Output } from './output.js';

type TrustFlags = { readonly trustHash?: string; readonly json?: true };

/** Public: whoever verifies reads it. */
const TRUST_MODE = 0o644;

/** `trust …`: the small file that a verifier takes on trust. Returns the command, for more of its kind. */
export function addTrustCommand(program: Command, output: Output): Command {
  const trust = program
    .command('trust')
    .description('the small file that verifiers are given, by another way than bundles');
  addShow(trust, output);
  addRotate(trust, output);
  return trust;
}

function addShow(trust: Command, output: Output): void {
  const command = trust
    .command('show')
    .description('shows a trust file as people print it')
    .argument('<trust>', 'the trust file');
  addTrustFlags(command);
  addExample(command, 'trust show trust.json').action(async (path: string, flags: TrustFlags) => {
    const held = await loadComparedTrust(path, flags.trustHash);
    output.write(flags.json ? encodeOutput(describeTrust(held)) : formatTrust(held));
  });
}

function addRotate(trust: Command, output: Output): void {
  const command = trust
    .command('rotate')
    .description('carries a trust file from the platform’s old key to its new one')
    .argument('<trust>', 'the trust file that you hold')
    .argument('<rotation...>', 'the entries that the platform published')
    .requiredOption('--out <file>', 'the new trust file');
  addTrustFlags(command);
  addExample(command, 'trust rotate trust.json rotation-2026-03.json --out trust.json').action(
    async (path: string, paths: readonly string[], flags: TrustFlags & { readonly out: string }) => {
      const held = await loadComparedTrust(path, flags.trustHash);
      const rotations = await Promise.all(paths.map((rotation) => loadPublished(rotation, parseRotation)));
      await writeTrust(flags.out, followRotations(held, rotations), { output, json: flags.json });
    },
  );
}

function addTrustFlags(command: Command): void {
  command
    .option('--trust-hash <hex>', 'the hash of that file from a public place, to compare', parseHash)
    .option('--json', 'one JSON object instead of text');
}

/** Writes a trust file and says what is in it. @throws SolventError `file-unwritable`. */
export async function writeTrust(
  path: string,
  trust: Trust,
  { output, json }: { readonly output: Output; readonly json: true | undefined },
): Promise<void> {
  await writeFileWhole(path, encodeJsonLine(trust), { mode: TRUST_MODE });
  output.write(
    json ? encodeOutput({ path, ...describeTrust(trust) }) : `Wrote ${path}:\n\n${formatTrust(trust)}`,
  );
}

function describeTrust(trust: Trust): object {
  const { platform, profile, signingKey, indexBits, circuits } = trust;
  return {
    trustHash: hashTrust(trust),
    platform,
    profile,
    signingKey,
    indexBits,
    circuits: circuits.map(({ name, tag, fingerprint, provenance }) => ({
      name,
      tag,
      fingerprint,
      provenance,
    })),
  };
}
