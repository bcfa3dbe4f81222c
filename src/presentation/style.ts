/** Colours and type of everything that is drawn as a page, in light and in dark. */
const TOKENS = `
:root {
  color-scheme: light dark;
  --paper: #ffffff;
  --desk: #f4f3ef;
  --ink: #16202e;
  --mild: #566072;
  --line: #dcdad2;
  --field: #8a8f99;
  --accent: #1d3f6e;
  --accent-ink: #ffffff;
  --bar: #2f5f9e;
  --track: #e9e8e3;
  --valid: #11633a;
  --valid-paper: #eef6f0;
  --insecure: #7a4600;
  --insecure-paper: #fdf5e4;
  --invalid: #9c1620;
  --invalid-paper: #fcf0ef;
  --unverifiable: #39466b;
  --unverifiable-paper: #f0f2f8;
  --fault: #4c4f55;
  --fault-paper: #f1f1f1;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'Book Antiqua', Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171c26;
    --desk: #0f131a;
    --ink: #e9ebef;
    --mild: #a5adba;
    --line: #323a48;
    --field: #737d8d;
    --accent: #a9c6f2;
    --accent-ink: #0f1b2d;
    --bar: #7ea6dd;
    --track: #262d3a;
    --valid: #7fd0a0;
    --valid-paper: #12241a;
    --insecure: #f0bf6a;
    --insecure-paper: #2a2110;
    --invalid: #f4a09b;
    --invalid-paper: #2c1618;
    --unverifiable: #b3c0ea;
    --unverifiable-paper: #181f33;
    --fault: #c4c7cc;
    --fault-paper: #22262d;
  }
}
* {
  box-sizing: border-box;
}
html {
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
code,
.code {
  font-family: var(--mono);
  font-size: 0.9em;
  overflow-wrap: anywhere;
}
bdi {
  overflow-wrap: anywhere;
}
`;

/** What every table of amounts and every chart has. */
const AMOUNTS = `
table {
  width: 100%;
  border-collapse: collapse;
}
th,
td {
  padding: 0.6rem 0 0.6rem 1rem;
  border-top: 1px solid var(--line);
  text-align: left;
  vertical-align: baseline;
}
th:first-child,
td:first-child {
  padding-left: 0;
}
th.number,
td.number {
  text-align: right;
}
thead th {
  border-top: 0;
  color: var(--mild);
  font-size: 0.9rem;
  font-weight: 400;
}
.amount {
  font-variant-numeric: tabular-nums lining-nums;
  overflow-wrap: anywhere;
}
.bars {
  display: grid;
  grid-template-columns: auto 1fr auto auto;
  gap: 0.5rem 1rem;
  margin: 1.25rem 0 0;
  padding: 0;
  list-style: none;
}
.bars li {
  display: grid;
  grid-column: 1 / -1;
  grid-template-columns: subgrid;
  align-items: center;
}
.bars .asset {
  font-weight: 600;
  overflow-wrap: anywhere;
}
.bars .amount {
  text-align: right;
}
.bars svg {
  display: block;
  width: 100%;
  height: 0.9rem;
}
.bar {
  fill: var(--bar);
}
.track {
  fill: var(--track);
}
@media (max-width: 36rem) {
  .bars {
    grid-template-columns: 1fr auto;
  }
  .bars li {
    row-gap: 0.2rem;
  }
  .bars svg {
    grid-row: 2;
    grid-column: 1 / -1;
  }
  .bars .mild {
    grid-row: 3;
    grid-column: 1 / -1;
    font-size: 0.9rem;
  }
}
`;

/** What the pages that people are sent to have: a sheet of paper on a desk, and tables that become cards. */
const SHEET = `
body {
  margin: 0;
  background: var(--desk);
  color: var(--ink);
  font: 1.0625rem/1.55 var(--sans);
}
.top,
main {
  max-width: 46rem;
  margin: 0 auto;
  padding: 0 1.25rem;
}
.top {
  padding-block: 1.5rem 2.25rem;
}
h1,
h2,
h3,
.mark {
  margin: 0;
  font-family: var(--serif);
  font-weight: 600;
  line-height: 1.2;
  text-wrap: balance;
}
h1 {
  font-size: clamp(1.9rem, 6vw, 2.6rem);
  letter-spacing: -0.01em;
}
h2 {
  font-size: 1.35rem;
}
.mark {
  font-size: 1.15rem;
}
p {
  margin: 0;
}
.mild,
.small {
  color: var(--mild);
}
.small {
  font-size: 0.9rem;
  line-height: 1.45;
}
.lead {
  margin: 0.9rem 0 2rem;
  max-width: 38rem;
}
.button {
  display: inline-block;
  padding: 0.7rem 1.4rem;
  border: 1px solid var(--accent);
  border-radius: 4px;
  background: var(--accent);
  color: var(--accent-ink);
  font: 600 1.0625rem/1.3 var(--sans);
  text-decoration: none;
}
.button:hover {
  text-decoration: underline;
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
dl {
  margin: 0;
}
dl > div {
  display: grid;
  grid-template-columns: 9rem 1fr;
  gap: 0 1rem;
  padding: 0.5rem 0;
  border-top: 1px solid var(--line);
}
dl > div:first-child {
  border-top: 0;
}
dt {
  color: var(--mild);
}
dd {
  margin: 0;
  min-width: 0;
}
@media (max-width: 36rem) {
  .top,
  main {
    padding-inline: 0.75rem;
  }
  table,
  tbody,
  tbody tr,
  tbody th,
  tbody td {
    display: block;
  }
  thead {
    display: none;
  }
  tbody tr {
    padding: 0.75rem 0;
    border-top: 1px solid var(--line);
  }
  tbody tr:first-child {
    border-top: 0;
  }
  tbody th,
  tbody td {
    padding: 0;
    border: 0;
  }
  tbody td {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
  }
  tbody td::before {
    content: attr(data-label);
    flex: 0 100 auto;
    min-width: 5.5rem;
    color: var(--mild);
  }
  dl > div {
    grid-template-columns: 1fr;
  }
}
`;

/** The start of the style of a report, which is also printed. */
export const REPORT_STYLE = TOKENS + AMOUNTS;
/** The start of the style of the check page and of a site. */
export const SHEET_STYLE = TOKENS + AMOUNTS + SHEET;
