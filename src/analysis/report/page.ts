import { createHash } from 'node:crypto';

import { html, REPORT_STYLE, type Markup } from '../../presentation/index.js';

/** The style of every report of this room, for screens in light and dark, telephones and paper. */
const STYLE = `${REPORT_STYLE}
:root{--gain:#1c7a4a;--loss:#b3372f}
@media(prefers-color-scheme:dark){:root{--gain:#6cc194;--loss:#ee8d86}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 var(--sans);overflow-wrap:anywhere}
main,.foot{max-width:62rem;margin:0 auto;padding:0 1.25rem}
.name{font-size:.85rem;letter-spacing:.04em;color:var(--mild);margin:2rem 0 .4rem}
h1{font:600 1.75rem/1.25 var(--serif);margin:0}
h2{font-size:1.15rem;margin:2.6rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h2+p{margin-top:0}
p{max-width:46rem}.mild{color:var(--mild)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.5rem;margin:1.4rem 0 0}
dt{color:var(--mild)}dd{margin:0}
th,td{padding:.45rem 0 .45rem .9rem;vertical-align:top;font-weight:400;overflow-wrap:break-word}
.words .amount{overflow-wrap:break-word}
tbody th{font-weight:600}
.number,.number .amount{white-space:nowrap}
.wide{overflow-x:auto;overflow-wrap:normal;margin-top:1.2rem}
.waterfall{grid-template-columns:auto 1fr auto}
.waterfall .level{fill:var(--bar)}.waterfall .gain{fill:var(--gain)}.waterfall .loss{fill:var(--loss)}
.waterfall .still .asset,.waterfall .still .amount{color:var(--mild);font-weight:400}
.foot{color:var(--mild);font-size:.85rem;margin:2.5rem auto 3rem}
@media(max-width:40rem){body{font-size:15px}main,.foot{padding:0 1rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:.6rem}
.waterfall{grid-template-columns:1fr auto}
.cards :is(table,tbody,tr,th,td){display:block}.cards thead{display:none}.cards tr{padding:.5rem 0;border-top:1px solid var(--line)}
.cards :is(tbody th,td){padding:.1rem 0;border:0}.cards td{display:flex;justify-content:space-between;gap:1rem;text-align:right}
.cards td::before{content:attr(data-label);color:var(--mild)}.cards td:has(.amount:empty){display:none}}
@media print{body{font-size:11px}thead th{font-size:inherit}svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}li,tr,svg{break-inside:avoid}h2{break-after:avoid}
main,.foot{max-width:none;padding:0}.wide{overflow:visible}.wide table{font-size:7.5px}.wide :is(th,td){padding-left:.35rem}.wide svg{min-width:0}.broad{page:broad}h1{font-size:20px}.foot{font-size:9px;margin:1rem 0}}
@page broad{size:A4 landscape}
`;

/**
 * A page that needs nothing else: no script, no request, and a policy that allows neither. The same content always gives
 * the same bytes.
 * @param style what it has beside the common style.
 */
export function renderPage(page: {
  readonly title: string;
  readonly body: Markup;
  readonly style?: string;
}): string {
  const style = `${STYLE}${page.style ?? ''}`;
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${page.title}</title>
<style>`;
  const end = html`</style>
</head>
<body>
${page.body}
</body>
</html>
`;
  return `${head.toString()}${style}${end.toString()}`;
}

/** What is broader than a telephone: it scrolls by itself, with a keyboard too. @param label what it is, for screen readers. */
export function frameWide(label: string, content: Markup): Markup {
  return html`<div class="wide" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}

/** A table whose rows become cards on a telephone. */
export function frameCards(content: Markup): Markup {
  return html`<div class="cards">${content}</div>`;
}
