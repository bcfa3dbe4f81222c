import { sha256 } from '@noble/hashes/sha2.js';

import {
  bytesToHex,
  parseInclusion,
  parseManifest,
  parseSignature,
  type InclusionFile,
  type Manifest,
} from '../../protocol/index.js';
import {
  describeProvenance,
  drawTable,
  formatInstant,
  formatMoney,
  html,
  NOTHING,
  toNumberColumn,
  type Markup,
} from '../../presentation/index.js';
import type { Report } from '../report.js';
import { renderPage } from './page.js';
import { frameBroad, markInsecure, renderStatementLines } from './sections.js';

/** What a certificate is made from, besides the report: the files that the report is on. */
export type CertifiedFiles = {
  /** The inclusion file as it was verified. */
  readonly inclusion: Uint8Array;
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
};

/**
 * A valid report on one account as one page for a third party: the verdict, the signed manifest's hash, the account's rows and
 * the lines that they are the sum of. It holds nothing of other users, no total, and nothing that opens a row.
 * @returns undefined of a report that is not valid or not on one account: there is no certificate of that.
 */
export function renderCertificate(report: Report, files: CertifiedFiles): string | undefined {
  const { valid, outcome, subject, stated, statement, insecure } = report;
  if (!valid || outcome !== 'valid' || subject !== 'inclusion' || stated === null) return undefined;
  const inclusion = parseInclusion(files.inclusion);
  const manifest = parseManifest(files.manifest);
  const title = insecure
    ? 'INSECURE, no certificate: made under development keys'
    : 'Certificate of holdings';
  const body = html`${renderHead(report, { ...files, userId: inclusion.userId })}
    <h2>The rows of the account${markInsecure(insecure)}</h2>
    <p>Each row is one position of one batch that was proven, and is this user’s alone.</p>
    ${renderRows(inclusion, manifest)}
    ${
      statement === null
        ? html`<p>The platform gave no statement of what they are the sum of.</p>`
        : html`<h2>The lines that they are the sum of${markInsecure(insecure)}</h2>
            <p>The value of each line was made again from what it states.</p>
            ${frameBroad('The lines of the statement', renderStatementLines(statement, stated))}`
    }
    ${renderKeys(report)}
    <h2>Not shown</h2>
    <p>
      Anything to whoever does not check it: this page is text, and anyone can write one. Ask for the
      inclusion file with the SHA-256 above and the platform’s bundle with the manifest hash above, and run
      solvent-verify inclusion on them. That file also has the points and ids of some other rows, which hide
      what these hold.
    </p>
    <p>And what the verifier tells the user who runs it:</p>
    <ul class="plain">
      ${report.notShown.map((line) => html`<li>${line}</li>`)}
    </ul>`;
  return renderPage({ title, source: 'section 8 of the protocol', body });
}

function renderHead(
  report: Report,
  { userId, inclusion, signature }: CertifiedFiles & { readonly userId: string },
): Markup {
  const { insecure, platform, takenAt, manifestHash, manifestHashCompared, trustHash, verdict, code } =
    report;
  const { publicKey, signature: signed } = parseSignature(signature);
  const compared = manifestHashCompared
    ? 'compared with a hash that whoever made this page brought'
    : 'not compared with what others were shown';
  const facts: readonly (readonly [string, Markup | string])[] = [
    ['User', userId],
    ['Platform', platform ?? ''],
    ['Instant', takenAt === null ? '' : formatInstant(takenAt)],
    ['Manifest hash', html`<code>${manifestHash ?? ''}</code>, ${compared}`],
    ['Signature of it', html`<code>${signed}</code>, Ed25519 under <code>${publicKey}</code>`],
    ['Trust file', html`<code>${trustHash ?? ''}</code>`],
    ['SHA-256 of the inclusion file', html`<code>${bytesToHex(sha256(inclusion))}</code>`],
    [
      'Checks',
      `${String(report.checks.filter(({ result }) => result === 'passed').length)} passed, none failed`,
    ],
    ['Code', html`<code>${code}</code>`],
  ];
  return html`<p class="name">
      Solvent · ${insecure ? 'a test, and no certificate' : 'certificate of holdings'}
    </p>
    ${insecure ? html`<p class="insecure">INSECURE: made under development keys, with which anyone can prove anything. This certifies nothing.</p>` : NOTHING}
    <header class="verdict ${insecure ? 'caution' : 'valid'}">
      <h1>${insecure ? 'INSECURE: certifies nothing' : '✓ Valid'}</h1>
      <p>${verdict}</p>
    </header>
    <dl>
      ${facts.map(
        ([term, detail]) =>
          html`<dt>${term}</dt>
            <dd>${detail}</dd>`,
      )}
    </dl>`;
}

/** The rows with what they hold and owe, in whole units. */
function renderRows({ parts, partCount }: InclusionFile, { assets, circuits }: Manifest): Markup {
  const names = circuits.flatMap(({ name, proofCount }) => Array.from({ length: proofCount }, () => name));
  const columns = [
    { title: 'Part' },
    { title: 'Circuit' },
    ...['Batch', 'Row'].map(toNumberColumn),
    { title: 'Holds and owes' },
  ];
  const rows = parts.map(({ part, batch, row, slots }) => [
    `${String(part)} of ${String(partCount)}`,
    names[batch]!,
    String(batch),
    String(row),
    slots.length === 0
      ? 'nothing'
      : slots
          .map(({ index, amount, ...slot }) => {
            const { symbol, decimals } = assets[index]!;
            const verb = 'side' in slot && slot.side === 1 ? 'owes' : 'holds';
            return `${verb} ${formatMoney(amount, decimals)} ${symbol}`;
          })
          .join('; '),
  ]);
  return frameBroad('The rows of the account', drawTable(columns, rows));
}

function renderKeys({ circuits, insecure, provenance: reported }: Report): Markup {
  const rows = circuits.map(({ name, fingerprint, provenance }) => [
    name,
    html`<code>${fingerprint}</code
      ><br />${describeProvenance(provenance, { isShown: reported?.shown ?? false })}`,
  ]);
  return html`<h2>Keys${markInsecure(insecure)}</h2>
    ${frameBroad('Keys', drawTable([{ title: 'Circuit' }, { title: 'Fingerprint, and how it was made' }], rows))}`;
}
