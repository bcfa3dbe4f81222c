/**
 * The same with a key that this program never sees: a service signs, here over HTTP, and may take its time.
 *
 *     node external-signer.ts balances.csv assets.csv keys run SERVICE_URL PUBLIC_KEY
 *
 * The service gets the message, which begins with the format's name and ends with the manifest's hash, and answers with 64 bytes of
 * Ed25519. Proving ends with `signing-key-unsuitable` unless they verify under the public key. In commands the same is
 * `identity: { command, publicKey }` of `solvent operate`.
 */
import type { SigningKey } from 'solvent/prover';
import { proveCsv } from './prove-csv.js';

function openService(url: string, publicKey: string): SigningKey {
  return {
    publicKey,
    sign: async (message) => {
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(message) });
      if (!answer.ok) throw new Error(`expected a signature, got status ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}

const [balancesPath = '', assetsPath = '', keysDirectory = '', runDirectory = '', url = '', publicKey = ''] =
  process.argv.slice(2);
const run = { balancesPath, assetsPath, keysDirectory, runDirectory };
const { bundleDirectory, manifestHash } = await proveCsv(run, openService(url, publicKey));
console.log(manifestHash, bundleDirectory);
