// Proves a run in a process of its own that kills itself: prove-child.mjs OPTIONS STEP NUMBER. OPTIONS is a file
// with the options of the run; the process ends by SIGKILL when STEP is told of for the NUMBER-th time, counted from 1.
import { Buffer } from 'node:buffer';
import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { prove } from '../../dist/src/prover/index.js';

const [optionsPath, step, number] = process.argv.slice(2);
const { options, accounts, publicKey, privateKey } = JSON.parse(
  await readFile(optionsPath, 'utf8'),
  (key, value) => (key.endsWith('Units') ? BigInt(value) : value),
);
const key = createPrivateKey({ key: Buffer.from(privateKey, 'hex'), format: 'der', type: 'pkcs8' });

let told = 0;
await prove({
  ...options,
  accounts: () => accounts,
  signingKey: { publicKey, sign: (message) => sign(null, message, key) },
  onStep: (reached) => {
    if (reached.step !== step) return;
    told += 1;
    if (told === Number(number)) process.kill(process.pid, 'SIGKILL');
  },
});
