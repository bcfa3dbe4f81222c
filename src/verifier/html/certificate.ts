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
  say,
  tell,
  toNumberColumn,
  type Markup,
} from '../../presentation/index.js';
import { retellReport, type Report } from '../report.js';
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
export function renderCertificate(made: Report, files: CertifiedFiles): string | undefined {
  const report = retellReport(made);
  const { valid, outcome, subject, stated, statement, insecure } = report;
  if (!valid || outcome !== 'valid' || subject !== 'inclusion' || stated === null) return undefined;
  const inclusion = parseInclusion(files.inclusion);
  const manifest = parseManifest(files.manifest);
  const title = insecure
    ? say('INSECURE, no certificate: made under development keys')
    : say('Certificate of holdings');
  const body = html`${renderHead(report, { ...files, userId: inclusion.userId })}
    <h2>${say('The rows of the account')}${markInsecure(insecure)}</h2>
    <p>${say('Each row is one position of one batch that was proven, and is this user’s alone.')}</p>
    ${renderRows(inclusion, manifest)}
    ${
      statement === null
        ? html`<p>${say('The platform gave no statement of what they are the sum of.')}</p>`
        : html`<h2>${say('The lines that they are the sum of')}${markInsecure(insecure)}</h2>
            <p>${say('The value of each line was made again from what it states.')}</p>
            ${frameBroad(say('The lines of the statement'), renderStatementLines(statement, stated))}`
    }
    ${renderKeys(report)}
    <h2>${say('Not shown')}</h2>
    <p>
      ${say(
        'Anything to whoever does not check it: this page is text, and anyone can write one. Ask for the inclusion file with the SHA-256 above and the platform’s bundle with the manifest hash above, and run solvent-verify inclusion on them. That file also has the points and ids of some other rows, which hide what these hold.',
      )}
    </p>
    <p>${say('And what the verifier tells the user who runs it:')}</p>
    <ul class="plain">
      ${report.notShown.map((line) => html`<li>${line}</li>`)}
    </ul>`;
  return renderPage({ title, source: say('section 8 of the protocol'), body });
}

function renderHead(
  report: Report,
  { userId, inclusion, signature }: CertifiedFiles & { readonly userId: string },
): Markup {
  const { insecure, platform, takenAt, manifestHash, manifestHashCompared, trustHash, verdict, code } =
    report;
  const { publicKey, signature: signed } = parseSignature(signature);
  const compared = manifestHashCompared
    ? say('compared with a hash that whoever made this page brought')
    : say('not compared with what others were shown');
  const facts: readonly (readonly [string, Markup | string])[] = [
    [say('User'), userId],
    [say('Platform'), platform ?? ''],
    [say('Instant'), takenAt === null ? '' : formatInstant(takenAt)],
    [say('Manifest hash'), html`<code>${manifestHash ?? ''}</code>, ${compared}`],
    [
      say('Signature of it'),
      tell('{signature}, Ed25519 under {key}', {
        ...{ signature: html`<code>${signed}</code>`, key: html`<code>${publicKey}</code>` },
      }),
    ],
    [say('Trust file'), html`<code>${trustHash ?? ''}</code>`],
    [say('SHA-256 of the inclusion file'), html`<code>${bytesToHex(sha256(inclusion))}</code>`],
    [
      say('Checks'),
      say('{count} passed, none failed', {
        count: String(report.checks.filter(({ result }) => result === 'passed').length),
      }),
    ],
    [say('Code'), html`<code>${code}</code>`],
  ];
  return html`<p class="name">
      Solvent · ${insecure ? say('a test, and no certificate') : say('certificate of holdings')}
    </p>
    ${insecure ? html`<p class="insecure">${say('INSECURE: made under development keys, with which anyone can prove anything. This certifies nothing.')}</p>` : NOTHING}
    <header class="verdict ${insecure ? 'caution' : 'valid'}">
      <h1>${insecure ? say('INSECURE: certifies nothing') : `✓ ${say('Valid')}`}</h1>
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
    { title: say('Part') },
    { title: say('Circuit') },
    ...[say('Batch'), say('Row')].map(toNumberColumn),
    { title: say('Holds and owes') },
  ];
  const rows = parts.map(({ part, batch, row, slots }) => [
    say('{part} of {count}', { part: String(part), count: String(partCount) }),
    names[batch]!,
    String(batch),
    String(row),
    slots.length === 0
      ? say('nothing')
      : slots
          .map(({ index, amount, ...slot }) => {
            const { symbol, decimals } = assets[index]!;
            const held = `${formatMoney(amount, decimals)} ${symbol}`;
            return 'side' in slot && slot.side === 1
              ? say('owes {amount}', { amount: held })
              : say('holds {amount}', { amount: held });
          })
          .join('; '),
  ]);
  return frameBroad(say('The rows of the account'), drawTable(columns, rows));
}

function renderKeys({ circuits, insecure, provenance: reported }: Report): Markup {
  const rows = circuits.map(({ name, fingerprint, provenance }) => [
    name,
    html`<code>${fingerprint}</code
      ><br />${describeProvenance(provenance, { isShown: reported?.shown ?? false })}`,
  ]);
  return html`<h2>${say('Keys')}${markInsecure(insecure)}</h2>
    ${frameBroad(say('Keys'), drawTable([{ title: say('Circuit') }, { title: say('Fingerprint, and how it was made') }], rows))}`;
}
