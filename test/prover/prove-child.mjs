// Proves in a process of its own, to be killed: prove-child.mjs RUN KEYS EXCHANGE [STALL_AFTER]. Prints one line of
// JSON for each step, and `{"finished":true}` last. With STALL_AFTER it stops reading accounts after so many.
import { readFile } from 'node:fs/promises';
import { setInterval } from 'node:timers';

import { PROFILES } from '../../dist/src/protocol/index.js';
import { prove } from '../../dist/src/prover/index.js';
import { loadSigningKey } from '../../dist/src/identity/index.js';
import { loadKeys } from '../../dist/src/keys/index.js';

const [runDirectory, keysDirectory, exchangePath, stallAfter] = process.argv.slice(2);
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const { snapshot, accounts } = JSON.parse(await readFile(exchangePath, 'utf8'), (key, value) =>
  key.endsWith('Units') ? BigInt(value) : value,
);

async function* readAccounts() {
  for (const [place, account] of accounts.entries()) {
    if (String(place) === stallAfter) {
      print({ stalled: true });
      await new Promise(() => setInterval(() => undefined, 60_000));
    }
    yield account;
  }
}

await prove({
  snapshot,
  accounts: readAccounts,
  profile: PROFILES.get('tiny'),
  circuits: (await loadKeys(keysDirectory)).circuits,
  signingKey: await loadSigningKey(keysDirectory),
  runDirectory,
  workers: 2,
  engine: 'snarkjs',
  onProgress: print,
});
print({ finished: true });
