/** The style of a report, for screens in light and dark, telephones and paper. Its hash stands in the page's policy. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#14202b;--soft:#54626f;--line:#dbe1e6;--paper:#fff;--wash:#f5f7f9;--bar:#2b5c8a;
--good:#14663c;--goodwash:#e9f5ee;--bad:#9c1f1f;--badwash:#fbecec;--open:#7a5200;--openwash:#fdf4e0}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf1;--soft:#a3b0bb;--line:#33404b;--paper:#12181e;--wash:#1a222a;
--bar:#6ea8da;--good:#7fd6a4;--goodwash:#12291d;--bad:#ff9d98;--badwash:#341616;--open:#f2c466;--openwash:#2f2509}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
main,.foot{max-width:58rem;margin:0 auto;padding:0 1.25rem}
.name{font-size:.85rem;letter-spacing:.04em;color:var(--soft);margin:2rem 0 .9rem}
.verdict{border-left:.4rem solid var(--open);background:var(--openwash);padding:1.1rem 1.4rem;border-radius:.3rem}
.verdict h1{margin:0;font-size:1.75rem;line-height:1.25;color:var(--open)}
.verdict p{margin:.5rem 0 0;max-width:46rem}

.verdict.caution{border-color:var(--open);background:var(--openwash)}.verdict.caution h1{color:var(--open)}
.verdict.valid{border-color:var(--good);background:var(--goodwash)}.verdict.valid h1{color:var(--good)}
.verdict.invalid{border-color:var(--bad);background:var(--badwash)}.verdict.invalid h1{color:var(--bad)}
.insecure{border:2px dashed var(--bad);color:var(--bad);border-radius:.3rem;padding:.7rem 1.1rem;margin:0 0 1rem;font-weight:600}
.mark{display:inline-block;border:1px solid currentColor;color:var(--bad);border-radius:.2rem;font-size:.72rem;font-weight:700;
letter-spacing:.05em;padding:.05rem .4rem;vertical-align:.15em;margin-left:.5rem}
h2{font-size:1.15rem;margin:2.6rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line)}
h2+p{margin-top:0;color:var(--soft)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.35rem 1.5rem;margin:1.4rem 0 0}
dt{color:var(--soft)}dd{margin:0}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.85em}
figure{margin:0}figcaption{margin-bottom:.9rem;color:var(--soft)}figcaption strong{color:var(--ink)}
.wide{overflow-x:auto;overflow-wrap:normal}.wide code{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.85rem}tbody th{font-weight:600;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
.chart td,.chart th{vertical-align:middle}.chart th:first-child{width:6.5rem}.chart td:nth-child(2){width:52%}
.chart svg{display:block;width:100%;height:.85rem;border-radius:.2rem}.track{fill:var(--wash)}.bar{fill:var(--bar)}
.share{color:var(--soft);font-size:.9rem}
.checks{list-style:none;margin:0;padding:0}
.checks li{display:grid;grid-template-columns:2.6rem minmax(0,1fr) max-content;gap:0 .8rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
.checks .n{color:var(--soft);font-variant-numeric:tabular-nums}
.checks .what{grid-column:2/-1;color:var(--soft);font-size:.88rem}
.result{font-weight:600;font-size:.9rem}.passed{color:var(--good)}.failed{color:var(--bad)}.not-made{color:var(--open)}
.plain{padding-left:1.1rem;margin:.4rem 0}.plain li{margin:.25rem 0}
.foot{color:var(--soft);font-size:.85rem;margin:2.5rem auto 3rem}
@media(max-width:40rem){body{font-size:15px}main,.foot{padding:0 1rem}dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin-bottom:.6rem}
.verdict{padding:.9rem 1rem}.chart th:first-child{width:4rem}.chart td:nth-child(2){width:auto}.chart th,.chart td{padding-right:.5rem;font-size:.85rem}
.broad table{min-width:34rem}
.checks li{grid-template-columns:2.2rem minmax(0,1fr)}.checks .result{grid-column:2}}
@media print{body{font-size:11px}.verdict,.track,.bar{print-color-adjust:exact;-webkit-print-color-adjust:exact}li,tr{break-inside:avoid}}
`;
