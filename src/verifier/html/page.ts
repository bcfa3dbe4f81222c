import { sha256 } from '@noble/hashes/sha2.js';

import { utf8ToBytes } from '../../protocol/index.js';
import type { Report } from '../report.js';
import { formatInstant, html, NOTHING, phraseProvenance, type Markup } from '../../presentation/index.js';
import {
  markInsecure,
  renderAmounts,
  renderChecks,
  renderCircuits,
  renderNotShown,
  renderStated,
} from './sections.js';
import { STYLE } from './style.js';

const SIGNS = { valid: '✓ Valid', invalid: '✕ Invalid', unverifiable: '? Unverifiable' } as const;

/**
 * A report as one page that needs nothing else: no script, no request, and a policy that allows neither. The same
 * report always gives the same bytes. Everything that the platform wrote is shown as text.
 * @param beside what is shown behind it, as `renderReservesBeside` writes it.
 */
export function renderHtml(report: Report, beside: Markup = NOTHING): string {
  const title = `${SIGNS[report.outcome].slice(2)}: ${report.platform ?? 'verification report'}`;
  const body = html`${renderHead(report)} ${renderAmounts(report)} ${renderChecks(report)}
  ${renderCircuits(report)} ${renderStated(report)} ${renderNotShown(report)} ${beside}`;
  return renderPage({ title, source: 'section 8 of the protocol', body });
}

/** One page around a report. @param source whose numbers its checks have. */
export function renderPage({
  title,
  source,
  body,
}: {
  readonly title: string;
  readonly source: string;
  readonly body: Markup;
}): string {
  const policy = `default-src 'none'; style-src 'sha256-${hashStyle()}'; base-uri 'none'; form-action 'none'`;
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>`;
  const page = html`</style>
</head>
<body>
<main>
${body}
</main>
<footer class="foot">Made by solvent-verify. A page proves nothing by itself: whoever wants to know runs the verifier on
the same files. The numbers of the checks are those of ${source}.</footer>
</body>
</html>
`;
  return `${head.toString()}${STYLE}${page.toString()}`;
}

function renderHead({
  outcome,
  code,
  verdict,
  advice,
  insecure,
  subject,
  platform,
  takenAt,
  provenance,
  manifestHash,
  manifestHashCompared,
  comparedBy,
  trustHash,
  trustHashCompared,
}: Report): Markup {
  const others = comparedBy.filter((way) => way !== 'hash');
  const compared =
    others.length > 0
      ? `compared with ${comparedBy.map((way) => `a ${way}`).join(' and ')} that the reader brought`
      : manifestHashCompared
        ? describeComparison(code === 'manifest-hash-differs')
        : 'not compared with what others were shown';
  const comparedTrust = trustHashCompared
    ? describeComparison(code === 'trust-hash-differs')
    : 'not compared with a hash from elsewhere';
  return html`<p class="name">Solvent · verification report</p>
    ${insecure ? html`<p class="insecure">INSECURE: made under development keys, with which anyone can prove anything. For tests only.</p>` : NOTHING}
    <header class="verdict ${outcome === 'valid' && insecure ? 'caution' : outcome}">
      <h1>${SIGNS[outcome]}${markInsecure(insecure)}</h1>
      <p>${verdict}</p>
      ${advice === null ? NOTHING : html`<p><strong>Next:</strong> ${advice}</p>`}
    </header>
    <dl>
      <dt>Platform</dt>
      <dd>${platform ?? 'not shown'}</dd>
      <dt>Taken at</dt>
      <dd>${takenAt === null ? 'not shown' : formatInstant(takenAt)}</dd>
      <dt>What was checked</dt>
      <dd>${subject === 'bundle' ? 'the whole bundle' : 'one account, in the whole bundle'}</dd>
      <dt>Manifest hash</dt>
      <dd><code>${manifestHash ?? 'none'}</code>${manifestHash === null ? '' : `, ${compared}`}</dd>
      <dt>Keys</dt>
      <dd>${provenance === null ? 'not shown' : phraseProvenance(provenance)}</dd>
      <dt>Trust file</dt>
      <dd><code>${trustHash ?? 'none'}</code>${trustHash === null ? '' : `, ${comparedTrust}`}</dd>
      <dt>Code</dt>
      <dd><code>${code}</code></dd>
    </dl>`;
}

function describeComparison(differs: boolean): string {
  return differs
    ? 'not the one whose hash the reader brought'
    : 'compared with the hash that the reader brought';
}

/** SHA-256 in base 64, as a Content-Security-Policy names a style. */
function hashStyle(): string {
  return btoa(String.fromCharCode(...sha256(utf8ToBytes(STYLE))));
}
