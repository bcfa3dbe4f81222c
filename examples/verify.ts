/** Verifies a bundle and prints what it shows: node verify.ts BUNDLE trust.json MANIFEST_HASH */
import { readFile } from 'node:fs/promises';
import { createPairing, formatMoney, parseTrust, verifyBundle } from 'solvent/verifier';
import { openBundle } from 'solvent/verifier/node';

const [bundle = '', trust = '', manifestHash = ''] = process.argv.slice(2);
const report = await verifyBundle(await openBundle(bundle), parseTrust(await readFile(trust)), {
  pairing: await createPairing(),
  manifestHash, // from a public place, never from the bundle
  allowDevelopmentKeys: true, // to try it out: leave this away for anything that counts
});
console.log(report.code, report.verdict);
for (const { asset, equity, debt } of report.totals) {
  const { decimals } = report.stated!.assets.find(({ symbol }) => symbol === asset)!;
  console.log(asset, formatMoney(equity, decimals), formatMoney(debt, decimals));
}
process.exitCode = report.valid ? 0 : 1;
