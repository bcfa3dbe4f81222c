import type { StatementLine } from '../../protocol/index.js';
import {
  drawTable,
  formatInstant,
  formatMoney,
  html,
  nameKind,
  NOTHING,
  retell,
  say,
  tell,
  toNumberColumn,
  typesetAmount,
  valueAccount,
  type Markup,
} from '../../presentation/index.js';
import { frameCards, renderPage } from '../report/page.js';
import type { VerdictEvidence } from './evidence.js';

/** What a client holds and owes of an asset, in proof units, and what one whole unit is worth. */
export type ClientHolding = {
  readonly asset: string;
  readonly decimals: number;
  /** In the quote currency, a canonical decimal. */
  readonly price: string;
  readonly equityUnits: bigint;
  readonly debtUnits: bigint;
};

/** A line of a client's statement. */
export type ClientLine = {
  readonly asset: string;
  readonly decimals: number;
  readonly account: string;
  readonly bucket: string;
  readonly kind: StatementLine['kind'];
  readonly detail: string;
  readonly units: bigint;
};

/** What came in and went out of a client's accounts of one kind. */
export type ClientMovement = Pick<ClientLine, 'asset' | 'decimals' | 'units'> & {
  readonly kind: 'deposit' | 'withdrawal' | 'transfer';
};

/** Everything that a client's page shows. */
export type ClientPosition = {
  readonly userId: string;
  readonly holdings: readonly ClientHolding[];
  readonly lines: readonly ClientLine[];
  readonly movements: readonly ClientMovement[];
};

/** What all pages of a snapshot have in common. */
export type StatementFrame = {
  readonly platform: string;
  readonly takenAt: string;
  readonly quote: string;
  readonly snapshotHash: string;
  /** The instant from which movements are counted; null where none are shown. */
  readonly since: string | null;
  readonly evidence: VerdictEvidence | null;
};

/** What came in and what went out. */
const MOVEMENTS = { deposit: 'deposits', withdrawal: 'withdrawals', transfer: 'transfers' } as const;

const STYLE = `@page{size:A4;margin:10mm}
.check{border:1px solid var(--line);border-radius:.3rem;padding:.8rem 1.1rem;margin-top:1.6rem}.check p{margin:.3rem 0}
th,td{padding-top:.25rem;padding-bottom:.25rem}
@media print{body{background:#fff;color:#000;font-size:9.5px;line-height:1.35}h1{font-size:15px}h2{margin:.7rem 0 .2rem;padding-bottom:.15rem;font-size:11px}.name{margin:0}
p,dl{margin:.3rem 0}th,td{padding-top:.1rem;padding-bottom:.1rem}table{font-size:9px}.check{break-inside:avoid;margin-top:.7rem;padding:.4rem .7rem}.check p{margin:.15rem 0}}
`;

/** A statement of position as one printable page. */
export function renderStatement(position: ClientPosition, frame: StatementFrame): string {
  const { platform, takenAt } = frame;
  const body = html`<main>
    <p class="name">${say('Statement of position')} · ${platform}</p>
    <h1>${position.userId}</h1>
    <p class="mild">
      ${say('What {platform} owed at {instant}, and what was owed to it.', {
        ...{ platform, instant: formatInstant(takenAt) },
      })}
    </p>
    ${renderHoldings(position.holdings, frame)} ${renderMovements(position.movements, frame)}
    ${renderLines(position.lines)} ${renderCheck(frame)}
  </main>`;
  return renderPage({ title: `${say('Statement of position')}: ${platform}`, body, style: STYLE });
}

function renderHoldings(holdings: readonly ClientHolding[], { quote }: StatementFrame): Markup {
  if (holdings.length === 0)
    return html`<h2>${say('Balances')}</h2>
      <p>${say('None.')}</p>`;
  const hasDebt = holdings.some(({ debtUnits }) => debtUnits > 0n);
  const rows = holdings.map((holding) => [
    holding.asset,
    formatMoney(holding.equityUnits.toString(), holding.decimals),
    ...(hasDebt ? [formatMoney(holding.debtUnits.toString(), holding.decimals)] : []),
    typesetAmount(holding.price),
    worthOf([holding]),
  ]);
  const titles = [
    say('Balance'),
    ...(hasDebt ? [say('Owed')] : []),
    ...[say('Price, {quote}', { quote }), say('Value, {quote}', { quote })],
  ];
  return html`<h2>${say('Balances')}</h2>
    ${frameCards(drawTable([{ title: say('Asset') }, ...titles.map(toNumberColumn)], rows))}
    <p>
      ${tell('Together {worth}, debts taken off.', {
        worth: html`<strong>${worthOf(holdings)} ${quote}</strong>`,
      })}
    </p>`;
}

/** What holdings are worth in the quote currency, as the check page has it: exactly, and cut to two digits. */
function worthOf(holdings: readonly ClientHolding[]): string {
  const units = holdings.map(({ asset, equityUnits, debtUnits }) => ({
    ...{ asset, equity: equityUnits.toString(), debt: debtUnits.toString() },
  }));
  // A worth has no haircut: what counts as collateral is not asked.
  const assets = holdings.map(({ asset, decimals, price }) => ({
    ...{ symbol: asset, decimals, price, collateralRatio: '1' },
  }));
  return valueAccount(units, assets).worth;
}

function renderMovements(movements: readonly ClientMovement[], { since }: StatementFrame): Markup {
  if (since === null) return NOTHING;
  const rows = movements.map(({ asset, decimals, kind, units }) => [
    asset,
    say(MOVEMENTS[kind]),
    typesetAmount(formatMoney(units.toString(), decimals)),
  ]);
  return html`<h2>${say('Moved since {instant}', { instant: formatInstant(since) })}</h2>
    ${rows.length === 0 ? html`<p>${say('Nothing.')}</p>` : frameCards(drawTable([{ title: say('Asset') }, { title: say('What') }, toNumberColumn(say('Amount'))], rows))}`;
}

function renderLines(lines: readonly ClientLine[]): Markup {
  if (lines.length === 0) return NOTHING;
  const rows = lines.map(({ account, bucket, kind, detail, asset, decimals, units }) => [
    bucket === 'cross' ? account : say('{account}, isolated {isolated}', { account, isolated: bucket }),
    nameKind(kind),
    detail,
    `${typesetAmount(formatMoney(units.toString(), decimals))} ${asset}`,
  ]);
  const columns = [
    { title: say('Account') },
    { title: say('Line') },
    { title: say('What') },
    toNumberColumn(say('Value')),
  ];
  return html`<h2>${say('How it comes to that')}</h2>
    ${frameCards(drawTable(columns, rows))}`;
}

function renderCheck({ evidence, snapshotHash }: StatementFrame): Markup {
  const verdict =
    evidence === null
      ? html`<p>
          <strong>${say('Not verified:')}</strong> ${say('this page was made without the verifier’s report.')}
        </p>`
      : html`<p>
            <strong>${tell('Verdict {code}', { code: html`<code>${evidence.code}</code>` })}</strong
            >${evidence.insecure ? ` · ${say('INSECURE: made under development keys')}` : ''}.
            ${retell(evidence.verdict)}
          </p>
          ${evidence.manifestHash === null ? NOTHING : html`<p>${say('Manifest')} <code>${evidence.manifestHash}</code></p>`}`;
  return html`<div class="check">
    ${verdict}
    <p>${say('Snapshot')} <code>${snapshotHash}</code></p>
    <p>
      ${tell(
        'Check it yourself: open the platform’s check page with your inclusion file, or run {command}. It shows the same balances, and that they are in the published totals. This page alone proves nothing.',
        {
          command: html`<code
            >solvent-verify inclusion FILE --bundle BUNDLE --trust trust.json --user YOUR_ID</code
          >`,
        },
      )}
    </p>
  </div>`;
}
