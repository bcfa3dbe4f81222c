// Signs as a platform's signer of wallets does: requests as CSV on standard input, signatures as CSV on standard output.
import { text } from 'node:stream/consumers';

import { Wallet } from 'ethers';

const wallet = new Wallet(`0x${process.argv[2]}`);
const requests = [...(await text(process.stdin)).matchAll(/^(eip155:[^,]+),([^,]+),([^,]+),"([^"]*)"$/gm)];
process.stdout.write('address,signature\n');
for (const [, , address, , message] of requests) {
  process.stdout.write(`${address},${await wallet.signMessage(message)}\n`);
}
