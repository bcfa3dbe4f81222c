// Signs what the wallets of the demonstration are asked for, with public test keys: requests as CSV in, signatures as CSV out.
import { text } from 'node:stream/consumers';

import { DEMO_KEYS } from './demo-keys.js';

/** A row of a request: chain, address, signer, and the message in quotes with its line breaks. */
const REQUEST = /^[^,\n]+,([^,\n]+),([^,\n]+),"([^"]*)"$/gm;

const keys = new Map(DEMO_KEYS.map((key) => [key.address, key]));
const rows = [...(await text(process.stdin)).matchAll(REQUEST)].map(
  ([, address, signer, message]) => `${address!},${keys.get(signer!)!.sign(message!)}\n`,
);
process.stdout.write(`address,signature\n${rows.join('')}`);
