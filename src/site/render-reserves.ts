import {
  drawTable,
  formatMoney,
  html,
  NOTHING,
  say,
  tell,
  toNumberColumn,
  type Markup,
} from '../presentation/index.js';
import {
  COVERAGE_WORDS,
  formatRatio,
  LEVEL_WORDS,
  listLevelsApart,
  listReservesNotShown,
} from '../verifier/reserves/shown.js';
import { RESERVES_DIRECTORY, type SiteReserves } from './reserves.js';

/** What is held against what is owed, as the platform signed it, and how anyone checks that. */
export function renderReserves(
  { reserves, reservesHash, assets, fileNames }: SiteReserves,
  { manifestHash, insecure }: { readonly manifestHash: string; readonly insecure: boolean },
): Markup {
  const links = fileNames.map((name, index) => {
    return html`${index === 0 ? NOTHING : html`, `}<a href="${RESERVES_DIRECTORY}/${name}" download
        >${name}</a
      >`;
  });
  return html`<section aria-labelledby="reserves">
    <h2 id="reserves">${say('Reserves: what is held against it')}</h2>
    <p>
      ${say('One to one, asset by asset, without prices.')}
      <strong>${say('This is the platform’s signed account.')}</strong>
      ${say('It is shown to be true once it is verified with block hashes that you pin yourself, as below.')}
    </p>
    ${drawTable(
      [
        { title: say('Asset') },
        ...[say('Owed to users'), say('Held, proven'), say('Ratio')].map(toNumberColumn),
        { title: say('Proven') },
      ],
      assets.map(({ asset, decimals, owed, held, ratio, outcome }) => [
        asset,
        formatMoney(owed, decimals),
        formatMoney(held, decimals),
        formatRatio(ratio),
        html`<span class="${outcome}">${say(COVERAGE_WORDS[outcome])}</span>`,
      ]),
    )}
    <h3>${say('Held at each level')}</h3>
    ${renderLevels(assets)}
    <p class="small mild">
      ${say(
        'Each level counts those before it. Proven: the state of a block shows the amount, and signatures show who controls it. Reproducible: a node would show it. Attested: a custodian confirms it. Stated: the platform’s word. What is not free is pledged, lent, borrowed or locked, and counts nowhere.',
      )}
    </p>
    ${renderStated(reserves)}
    <h3>${say('Verify it')}</h3>
    <p>${tell('The reserves: {links}.', { links: html`${links}` })}</p>
    <pre tabindex="0">
solvent-verify reserves ./reserves --bundle ./bundle --trust trust.json --pins pins.json \\
  --manifest-hash ${manifestHash} \\
  --reserves-hash ${reservesHash}</pre>
    <p>
      ${tell(
        '{file} is yours: the block hashes from a node of your own or from two places that do not ask each other, and the tokens and wallet contracts that you believe. A pins file from this site would be the platform’s word. The check page verifies the same.',
        { file: html`<code>pins.json</code>` },
      )}
    </p>
    <h3>${say('What reserves do not show')}</h3>
    <ul class="plain">
      ${listReservesNotShown({
        ...{ valid: true, insecure, reservesHashCompared: false, reserves },
        ...{ chains: new Map(), bitcoin: new Map() },
      }).map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

function renderLevels(assets: SiteReserves['assets']): Markup {
  const levels = listLevelsApart(assets);
  const isAnyBound = assets.some(({ encumbered }) => encumbered !== '0');
  if (levels.length === 1 && !isAnyBound) {
    return html`<p>
      ${say('The same at every level, and all of it is free: nothing is only attested or stated.')}
    </p>`;
  }
  return drawTable(
    [
      { title: say('Asset') },
      ...[...levels.map((level) => say(LEVEL_WORDS[level])), ...(isAnyBound ? [say('not free')] : [])].map(
        toNumberColumn,
      ),
    ],
    assets.map(({ asset, decimals, byLevel, encumbered }) => [
      asset,
      ...levels.map((level) => formatMoney(byLevel[level], decimals)),
      ...(isAnyBound ? [formatMoney(encumbered, decimals)] : []),
    ]),
  );
}

function renderStated({ custodians, encumbrances }: SiteReserves['reserves']): Markup {
  const lines = [
    ...custodians.map(({ name }) => say('Held by a custodian: {name}', { name })),
    ...encumbrances.map(({ kind, note }) => say('Stated as not free: {kind}: {note}', { kind, note })),
  ];
  if (lines.length === 0) return NOTHING;
  return html`<ul class="plain">
    ${lines.map((line) => html`<li><bdi>${line}</bdi></li>`)}
  </ul>`;
}
