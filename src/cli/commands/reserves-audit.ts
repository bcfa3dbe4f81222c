import type { Command } from 'commander';

import { within } from '../../protocol/index.js';
import { parseAuditRequest, signAudit } from '../../reserves/index.js';
import { readNamedFile, writeFileAtomically } from '../../system/index.js';
import { addExample, type Output } from '../../verifier/command/index.js';
import { addIdentityOptions, loadFlaggedIdentity, type IdentityFlags } from '../arguments.js';
import { requireNewFile } from '../new-file.js';
import { addOutputOptions, writeResult, type OutputFlags } from '../output.js';

const MAX_REQUEST_BYTES = 4096;
const MAX_SUMS_BYTES = 1024 * 1024;
/** What an auditor is shown: read whole for its hash. */
const MAX_SHOWN_BYTES = 1024 * 1024 * 1024;

type AuditFlags = OutputFlags &
  IdentityFlags & {
    readonly auditor: string;
    readonly sums: string;
    readonly shown: string;
    readonly out: string;
  };

/** `solvent reserves audit`: an auditor signs the sums of what a platform has shown to them alone. */
export function addAuditCommand(program: Command, output: Output): void {
  const command = addIdentityOptions(
    program
      .command('audit')
      .description(
        'sign, as an auditor, the sums of what a platform has shown to you alone; compare it with what is published first',
      )
      .argument('<request>', 'audit.json of solvent reserves sign-request')
      .requiredOption('--auditor <id>', 'the name by which the pins of readers know you')
      .requiredOption('--sums <csv>', 'columns asset and amount, in the units of the manifest')
      .requiredOption('--shown <file>', 'what you were shown, whose SHA-256 is signed: keep it')
      .requiredOption('--out <file>', 'the audit, which the platform imports'),
    'your private key',
  );
  addOutputOptions(command);
  addExample(
    command,
    'reserves audit requests/audit.json --auditor ann-and-partners --sums sums.csv --shown evidence.zip --identity auditor.pem --out audit.json',
  ).action(async (path: string, { auditor, sums, shown, out, ...flags }: AuditFlags) => {
    const requested = await readNamedFile(path, MAX_REQUEST_BYTES);
    const request = within(path, () => parseAuditRequest(requested));
    const [sumsBytes, shownBytes] = [
      await readNamedFile(sums, MAX_SUMS_BYTES),
      await readNamedFile(shown, MAX_SHOWN_BYTES),
    ];
    const signer = await loadFlaggedIdentity(flags);
    const audit = within(sums, () =>
      signAudit(request, { auditor, sums: sumsBytes, shown: shownBytes, signer }),
    );
    await requireNewFile(out);
    await writeFileAtomically(out, audit);
    writeResult(
      flags,
      {
        object: { path: out, publicKey: signer.publicKey },
        text: `Wrote ${out}. Readers pin your key ${signer.publicKey} as auditor ${auditor}. Next, for the platform: solvent reserves import WORK ${out}\n`,
        line: out,
      },
      output,
    );
  });
}
