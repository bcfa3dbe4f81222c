import { sha256 } from '@noble/hashes/sha2.js';

import {
  REPORT_STYLE,
  formatInstant,
  html,
  NOTHING,
  phraseProvenance,
  say,
  spokenLanguage,
  type Markup,
} from '../../presentation/index.js';
import { utf8ToBytes } from '../../protocol/index.js';
import { retellReport, type Report } from '../report.js';
import {
  markInsecure,
  renderAmounts,
  renderChecks,
  renderCircuits,
  renderNotShown,
  renderStated,
} from './sections.js';

/** The style of a report, for screens in light and dark, telephones and paper. Its hash stands in the page's policy. */
const STYLE = `${REPORT_STYLE}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);overflow-wrap:anywhere}
main,.foot{max-width:58rem;margin:0 auto;padding:0 1.25rem}
.name{font-size:.85rem;letter-spacing:.04em;color:var(--mild);margin:2rem 0 .9rem}
.verdict{border-left:.4rem solid var(--tone);background:var(--tone-paper);padding:1.1rem 1.4rem;border-radius:.3rem}
.verdict h1{margin:0;font-size:1.75rem;line-height:1.25;color:var(--tone)}
.verdict p{margin:.5rem 0 0;max-width:46rem}
.verdict.caution{--tone:var(--insecure);--tone-paper:var(--insecure-paper)}
.verdict.unverifiable{--tone:var(--unverifiable);--tone-paper:var(--unverifiable-paper)}
.verdict.valid{--tone:var(--valid);--tone-paper:var(--valid-paper)}
.verdict.invalid{--tone:var(--invalid);--tone-paper:var(--invalid-paper)}
.insecure{border:2px dashed var(--invalid);color:var(--invalid);border-radius:.3rem;padding:.7rem 1.1rem;margin:0 0 1rem;font-weight:600}
.mark{display:inline-block;border:1px solid currentColor;color:var(--invalid);border-radius:.2rem;font-size:.72rem;font-weight:700;
letter-spacing:.05em;padding:.05rem .4rem;vertical-align:.15em;margin-left:.5rem}
h2{font-size:1.15rem;margin:2.6rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h2+p{margin-top:0;color:var(--mild)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.5rem;margin:1.4rem 0 0}
dt{color:var(--mild)}dd{margin:0}.mild{color:var(--mild)}
figure{margin:0}figcaption{margin-bottom:.9rem;color:var(--mild)}figcaption strong{color:var(--ink)}
.wide{overflow-x:auto;overflow-wrap:normal}
th,td{padding:.45rem 0 .45rem .9rem;vertical-align:top;font-weight:400}
tbody th{font-weight:600;white-space:nowrap}
.number,.number .amount{white-space:nowrap}
.checks{list-style:none;margin:0;padding:0}
.checks li{display:grid;grid-template-columns:2.6rem minmax(0,1fr) max-content;gap:0 .8rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
.checks .n{color:var(--mild);font-variant-numeric:tabular-nums}
.checks .what{grid-column:2/-1;color:var(--mild);font-size:.88rem}
.result{font-weight:600;font-size:.9rem}.passed{color:var(--valid)}.failed{color:var(--invalid)}.not-made{color:var(--mild)}
tbody th .words{display:block;font-weight:400;white-space:normal;color:var(--mild);font-size:.88rem;max-width:24rem}td .words{white-space:normal}
details{margin:1rem 0}summary{cursor:pointer}
.plain{padding-left:1.1rem;margin:.4rem 0}.plain li{margin:.25rem 0}
.foot{color:var(--mild);font-size:.85rem;margin:2.5rem auto 3rem}
@media(max-width:40rem){body{font-size:15px}main,.foot{padding:0 1rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:.6rem}
.verdict{padding:.9rem 1rem}.broad table{min-width:34rem}
.checks li{grid-template-columns:2.2rem minmax(0,1fr)}.checks .result{grid-column:2}}
@page{margin:8mm}
@media print{html{font-size:8.5px}body{font-size:1rem;line-height:1.3}main,.foot{max-width:none;padding:0}.name{margin:0 0 .4rem}.verdict{padding:.5rem .8rem}
.insecure{padding:.3rem .6rem;margin-bottom:.4rem}p{margin:.3rem 0}h2{margin:1rem 0 .25rem;padding-bottom:.15rem;break-after:avoid}dl{margin:.5rem 0;gap:.1rem 1rem}
th,td{padding-block:.12rem}.plain{columns:2;list-style-position:inside;padding:0}.plain li{margin:.1rem 0}.foot{margin:.6rem 0 0}.wide{overflow:visible}
.verdict,.track,.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}li,tr{break-inside:avoid}}
`;

const SIGNS = { valid: '✓', invalid: '✕', unverifiable: '?' } as const;
/** Each has its word of the report beside it, in every language. */
const OUTCOMES = { valid: 'Valid', invalid: 'Invalid', unverifiable: 'Unverifiable' } as const;

/**
 * A report as one page that needs nothing else: no script, no request, and a policy that allows neither. The same
 * report always gives the same bytes. Everything that the platform wrote is shown as text.
 * @param beside what is shown behind it, as `renderReservesBeside` writes it.
 */
export function renderHtml(made: Report, beside: Markup = NOTHING): string {
  const report = retellReport(made);
  const title = `${say(OUTCOMES[report.outcome])}: ${report.platform ?? say('verification report')}`;
  const body = html`${renderHead(report)} ${renderAmounts(report)} ${renderChecks(report)}
  ${renderCircuits(report)} ${renderStated(report)} ${renderNotShown(report)} ${beside}`;
  return renderPage({ title, source: say('section 8 of the protocol'), body });
}

/** The ways in which a manifest is compared with what others were shown. */
const WAYS = { hash: 'a hash', registry: 'a registry', log: 'a log' } as const;

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
<html lang="${spokenLanguage()}">
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
<footer class="foot">${say(
    'Made by solvent-verify. A page proves nothing by itself: whoever wants to know runs the verifier on the same files. The numbers of the checks are those of {source}.',
    { source },
  )}</footer>
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
      ? say('compared with {ways} that the reader brought', {
          ways: comparedBy.map((way) => say(WAYS[way])).join(say(' and ')),
        })
      : manifestHashCompared
        ? describeComparison(code === 'manifest-hash-differs')
        : say('not compared with what others were shown');
  const comparedTrust = trustHashCompared
    ? describeComparison(code === 'trust-hash-differs')
    : say('not compared with a hash from elsewhere');
  return html`<p class="name">Solvent · ${say('verification report')}</p>
    ${insecure ? html`<p class="insecure">${say('INSECURE: made under development keys, with which anyone can prove anything. For tests only.')}</p>` : NOTHING}
    <header class="verdict ${outcome === 'valid' && insecure ? 'caution' : outcome}">
      <h1>${SIGNS[outcome]} ${say(OUTCOMES[outcome])}${markInsecure(insecure)}</h1>
      <p>${verdict}</p>
      ${advice === null ? NOTHING : html`<p><strong>${say('Next:')}</strong> ${advice}</p>`}
    </header>
    <dl>
      <dt>${say('Platform')}</dt>
      <dd>${platform ?? say('not shown')}</dd>
      <dt>${say('Taken at')}</dt>
      <dd>${takenAt === null ? say('not shown') : formatInstant(takenAt)}</dd>
      <dt>${say('What was checked')}</dt>
      <dd>${subject === 'bundle' ? say('the whole bundle') : say('one account, in the whole bundle')}</dd>
      <dt>${say('Manifest hash')}</dt>
      <dd><code>${manifestHash ?? say('none')}</code>${manifestHash === null ? '' : `, ${compared}`}</dd>
      <dt>${say('Keys')}</dt>
      <dd>${provenance === null ? say('not shown') : phraseProvenance(provenance)}</dd>
      <dt>${say('Trust file')}</dt>
      <dd><code>${trustHash ?? say('none')}</code>${trustHash === null ? '' : `, ${comparedTrust}`}</dd>
      <dt>${say('Code')}</dt>
      <dd><code>${code}</code></dd>
    </dl>`;
}

function describeComparison(differs: boolean): string {
  return differs
    ? say('not the one whose hash the reader brought')
    : say('compared with the hash that the reader brought');
}

/** SHA-256 in base 64, as a Content-Security-Policy names a style. */
function hashStyle(): string {
  return btoa(String.fromCharCode(...sha256(utf8ToBytes(STYLE))));
}
