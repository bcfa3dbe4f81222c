import { createHash } from 'node:crypto';

import type { Manifest } from '../protocol/index.js';
import {
  describeWorth,
  drawChart,
  formatInstant,
  html,
  NOTHING,
  phraseProvenance,
  say,
  spokenLanguage,
  tell,
  valueEquities,
  type Markup,
  type ReportedProvenance,
} from '../presentation/index.js';
import { listFiles, type PublishedSnapshot } from './bundle-files.js';
import { renderReserves } from './render-reserves.js';
import type { SiteReserves } from './reserves.js';
import { renderHistory, renderTotals } from './render-tables.js';

/** What the front page of a site is made from. */
export type Front = {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, in hexadecimal. */
  readonly manifestHash: string;
  /** SHA-256 of `check.html`, in hexadecimal. */
  readonly pageHash: string;
  /** As `solvent trust show` prints it; null where the site has no trust file. */
  readonly trustHash: string | null;
  /** How the keys came to be, as the site's own files show it; null where the bundle was not verified. */
  readonly provenance: ReportedProvenance | null;
  /** Null where the site has none. */
  readonly reserves: SiteReserves | null;
  /** All snapshots of the site, the newest first. */
  readonly snapshots: readonly PublishedSnapshot[];
};

/** The front page of a site in the language that is spoken: no script, no request. The same input gives the same bytes. */
export function renderIndex(front: Front, style: string): string {
  const { platform } = front.manifest;
  const styleHash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const head = html`<!doctype html>
<html lang="${spokenLanguage()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${front.reserves === null ? say('What {platform} owes its users', { platform }) : say('What {platform} owes its users, and what it holds', { platform })}</title>
<style>`;
  const body = html`</style>
</head>
<body>
<header class="top"><p class="mark">Solvent</p></header>
<main>
${renderHead(front)}
${renderLiabilities(front)}
${front.reserves === null ? NOTHING : renderReserves(front.reserves, { manifestHash: front.manifestHash, insecure: isInsecure(front) })}
${renderCheck(front)}
${renderVerify(front)}
${renderStatement(front)}
${renderHistory(front.snapshots, front.manifest.previousManifestHash)}
${renderNotShown(front)}
</main>
</body>
</html>
`;
  return `${head.toString()}${style}${body.toString()}`;
}

function renderHead(front: Front): Markup {
  const { manifest } = front;
  const { platform, takenAt } = manifest;
  return html`<h1>${tell('What {platform} owes its users', { platform: html`<bdi>${platform}</bdi>` })}</h1>
    <p class="lead">
      ${say(
        'At {instant}: the exact sums over all accounts, with a proof that no account is negative, that every debt is covered, and that nothing was left off a sum. Nobody’s balance is shown. Do not take this page’s word for it: it tells you how to check.',
        { instant: formatInstant(takenAt) },
      )}
    </p>
    ${
      isInsecure(front)
        ? html`<p class="warn">
            <strong>${say('INSECURE: a test, and no proof.')}</strong>
            ${say('The keys are development keys. Whoever made them can prove anything.')}
          </p>`
        : NOTHING
    }`;
}

function renderLiabilities({ manifest }: Front): Markup {
  const { quote } = manifest;
  const values = valueEquities(manifest.totals, manifest);
  return html`<section aria-labelledby="owed">
      <h2 id="owed">${say('Liabilities')}</h2>
      <p class="worth">${describeWorth(values, quote)}</p>
      <p class="mild small">
        ${say('What users hold, at the prices that the platform states. Debts of users are not taken off.')}
      </p>
      ${drawChart(values, quote)}
    </section>
    <section aria-labelledby="totals">
      <h2 id="totals">${say('Totals by asset')}</h2>
      ${renderTotals(manifest)}
    </section>`;
}

function renderCheck({ pageHash, trustHash }: Front): Markup {
  return html`<section aria-labelledby="check">
    <h2 id="check">${say('Check your own account')}</h2>
    <p><a class="button" href="${addressOfPage()}">${say('Open the check page')}</a></p>
    <p>
      ${say(
        'It takes your inclusion file, which you get from your account, and the trust file. The bundle it gets from this site, or from you where you open it from your disk. It runs on your device and sends nothing.',
      )}
    </p>
    <p>
      ${
        trustHash === null
          ? html`${say('The trust file is not from here: get it from another place.')}`
          : tell(
              '{file} is the trust file. From here it is the platform’s word: compare its hash with one from another place. {hash}',
              {
                file: html`<a href="trust.json" download>trust.json</a>`,
                hash: html`<code>${trustHash}</code>`,
              },
            )
      }
    </p>
    <p>
      ${tell(
        'A page that the platform serves could say what it likes. {save}, compare its SHA-256 with the one that the makers of Solvent publish, and open the file from your disk, with the connection switched off if you wish:',
        { save: html`<a href="check.html" download>${say('Save the check page')}</a>` },
      )}
    </p>
    <pre tabindex="0">
sha256sum check.html
${pageHash}</pre>
  </section>`;
}

/** The check page in the language of this one. */
function addressOfPage(): string {
  const language = spokenLanguage();
  return language === 'en' ? 'check.html' : `check.html?lang=${language}`;
}

/** Between links of one sentence. */
const COMMA = html`, `;

function renderVerify({ manifest, manifestHash, provenance }: Front): Markup {
  const links = listFiles(manifest).map((name, index) => {
    return html`${index === 0 ? NOTHING : COMMA}<a href="bundle/${name}" download>${name}</a>`;
  });
  return html`<section aria-labelledby="verify">
    <h2 id="verify">${say('Verify everything')}</h2>
    <p>
      ${tell('Anybody can check all proofs, the totals and the cover of all debts. The bundle: {links}.', {
        links: html`${links}`,
      })}
    </p>
    <pre tabindex="0">
solvent-verify bundle ./bundle --trust trust.json \\
  --manifest-hash ${manifestHash}</pre>
    ${
      provenance?.shown === true
        ? html`<p>
            ${tell(
              '{file} shows how many contributions made the keys, and whose signed ones. Save it beside the trust file, and {program} and the check page count for themselves; with {flag} they say how many of the people whom you know took part.',
              {
                file: html`<a href="ceremony.json" download>ceremony.json</a>`,
                ...{ program: html`<code>solvent-verify</code>`, flag: html`<code>--signers</code>` },
              },
            )}
          </p>`
        : NOTHING
    }
    <p>
      ${say(
        'Take the manifest hash from a place that the platform cannot change for you alone, and compare: if others were shown another one, there are two books.',
      )}
    </p>
  </section>`;
}

function renderStatement({ manifest, manifestHash, provenance }: Front): Markup {
  const { platform, takenAt, quote, scope, profile } = manifest;
  const facts: readonly (readonly [string, Markup])[] = [
    [say('Platform'), html`<bdi>${platform}</bdi>`],
    [say('Taken at'), html`${formatInstant(takenAt)}`],
    [say('Manifest hash'), html`<code>${manifestHash}</code>`],
    [say('Covers'), html`<bdi>${scope.included}</bdi>`],
    ...scope.excluded.map((line) => [say('Leaves out'), html`<bdi>${line}</bdi>`] as const),
    [say('Prices in'), html`${quote}`],
    [say('Circuits'), html`${profile}`],
    [say('Keys'), html`${describeKeys(manifest, provenance)}`],
  ];
  return html`<section aria-labelledby="snapshot">
    <h2 id="snapshot">${say('The snapshot')}</h2>
    <dl>
      ${facts.map(
        ([term, detail]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${detail}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** What was not verified, or not shown, is stated. */
function describeKeys({ circuits }: Manifest, provenance: ReportedProvenance | null): string {
  const isCeremony = circuits.every((circuit) => circuit.provenance.kind === 'ceremony');
  return phraseProvenance(
    provenance ?? {
      kind: isCeremony ? 'ceremony' : 'insecure-development',
      ...{ shown: false, contributions: null, signers: null, pinnedSigners: null },
    },
  );
}

function renderNotShown({ reserves }: Front): Markup {
  return html`<section aria-labelledby="not-shown">
    <h2 id="not-shown">${say('What this does not show')}</h2>
    <ul class="plain">
      ${
        reserves === null
          ? html`<li>
              ${say('That the platform owns anything: these are its liabilities, not its assets.')}
            </li>`
          : html`<li>
              ${say('More of what the platform holds than its reserves above show, and what those do not.')}
            </li>`
      }
      <li>${say('That no account was left out: an account whose user does not check can be missing.')}</li>
      <li>${say('That the prices, the scope and the instant are well chosen: the platform states them.')}</li>
      <li>${say('Anything against whoever made the keys, if they made them alone.')}</li>
    </ul>
  </section>`;
}

function isInsecure({ manifest }: Front): boolean {
  return manifest.circuits.some(({ provenance }) => provenance.kind === 'insecure-development');
}
