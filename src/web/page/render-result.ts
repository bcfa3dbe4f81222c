import {
  CHECK_RESULTS,
  formatInstant,
  phraseProvenance,
  listUnitDecimals,
  say,
  sayResult,
  spokenLanguage,
} from '../../presentation/index.js';
import type { Check, Report } from '../../verifier/index.js';
import { retellReport } from '../../verifier/reserves/shown.js';
import type { TrustShown, CheckAnswer } from '../checker/question.js';
import { type Tone, isShown, phraseAnswer, type Verdict } from './verdict.js';
import { element, quoted, tell } from './element.js';
import { renderAmounts } from './render-amounts.js';
import { renderReserves } from './render-reserves.js';
import { renderStatement } from './render-statement.js';
import { renderWorth } from './render-worth.js';

const SVG = 'http://www.w3.org/2000/svg';

/** One outline and one sign for each tone, so that no two differ by colour alone. */
const DRAWINGS: Readonly<Record<Tone, { readonly outline: string; readonly sign: string }>> = {
  valid: { outline: 'M24 4a20 20 0 1 0 0 40a20 20 0 1 0 0-40z', sign: 'M14.5 24.5l6.5 6.5l12.5-13.5' },
  insecure: { outline: 'M24 5l21 37h-42z', sign: 'M24 18v12M24 35.2v.6' },
  invalid: {
    outline: 'M15.7 4h16.6l11.7 11.7v16.6l-11.7 11.7h-16.6l-11.7-11.7v-16.6z',
    sign: 'M17 17l14 14M31 17l-14 14',
  },
  unverifiable: {
    outline: 'M24 3l21 21l-21 21l-21-21z',
    sign: 'M19 19.5a5 5 0 1 1 7.2 4.4c-1.6.8-2.2 1.6-2.2 3.4M24 33.2v.6',
  },
  fault: { outline: 'M6 6h36v36h-36z', sign: 'M15 24h18' },
};

/** The sign of a tone; the words beside it say the same. */
function drawIcon(tone: Tone): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 48 48',
    class: 'icon',
    'aria-hidden': 'true',
  })) {
    svg.setAttribute(name, value);
  }
  for (const [className, path] of Object.entries(DRAWINGS[tone])) {
    const drawn = document.createElementNS(SVG, 'path');
    drawn.setAttribute('class', className);
    drawn.setAttribute('d', path);
    svg.append(drawn);
  }
  return svg;
}

/**
 * The numbered checks in the order of the protocol. What each compared is there on request; why one failed is there
 * at once.
 */
function renderChecks({ checks }: Report): HTMLElement[] {
  const list = element('ol', { class: 'checks brief', id: 'check-list' }, ...checks.map(renderCheck));
  const count = (result: Check['result']) => checks.filter((check) => check.result === result).length;
  const toggle = element(
    'button',
    { type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-controls': 'check-list' },
    say('Show what each compared'),
  );
  toggle.addEventListener('click', () => {
    const isBrief = list.classList.toggle('brief');
    toggle.setAttribute('aria-expanded', String(!isBrief));
  });
  const summary = (['passed', 'failed', 'not-made'] as const)
    .filter((result) => count(result) > 0)
    .map((result) => `${count(result)} ${sayResult(result)}`)
    .join(', ');
  return [element('p', { class: 'summary' }, `${summary}. `, toggle), list];
}

function renderCheck({ number, title, result, compared }: Check): HTMLElement {
  const { sign } = CHECK_RESULTS[result];
  const word = sayResult(result);
  return element(
    'li',
    { class: result },
    element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
    element(
      'div',
      {},
      element(
        'p',
        { class: 'title' },
        element('span', { class: 'number' }, number),
        ` ${title} `,
        element('span', { class: result === 'passed' ? 'unseen' : 'word' }, word),
      ),
      element('p', { class: 'small compared', lang: 'en' }, quoted(compared)),
    ),
  );
}

/** Which snapshot this is, whose word it is, and what was compared with what others were shown. */
function renderSnapshot(report: Report, trust: TrustShown | null): HTMLElement {
  const { platform, takenAt, manifestHash, manifestHashCompared, provenance, stated } = report;
  const facts: readonly (readonly [term: string, ...details: readonly (Node | string)[]])[] = [
    [say('Platform'), platform === null ? say('not shown') : quoted(platform)],
    [say('Taken at'), takenAt === null ? say('not shown') : formatInstant(takenAt)],
    ...(stated === null ? [] : [[say('Covers'), quoted(stated.scope.included)] as const]),
    ...(stated?.scope.excluded.map((line) => [say('Leaves out'), quoted(line)] as const) ?? []),
    [say('Manifest hash'), ...renderHash(manifestHash, manifestHashCompared)],
    [say('Keys'), ...renderKeys(provenance)],
    [say('Trust file'), ...renderHash(trust?.hash ?? null, trust?.compared ?? false)],
    ...(trust === null ? [] : [[say('Signing key'), element('code', {}, trust.signingKey)] as const]),
  ];
  return element(
    'dl',
    {},
    ...facts.map(([term, ...details]) =>
      element('div', {}, element('dt', {}, term), element('dd', {}, ...details)),
    ),
  );
}

function renderKeys(provenance: Report['provenance']): (Node | string)[] {
  if (provenance === null) return [say('not shown')];
  const isOpen = provenance.kind === 'ceremony' && !provenance.shown;
  return [
    phraseProvenance(provenance),
    ...(isOpen ? [element('span', { class: 'tag open' }, say('Add ceremony.json, which shows it'))] : []),
  ];
}

function renderHash(hash: string | null, isCompared: boolean): (Node | string)[] {
  if (hash === null) return [say('none')];
  const note = isCompared
    ? element('span', { class: 'tag compared' }, `✓ ${say('the same as the hash that you pasted')}`)
    : element('span', { class: 'tag open' }, say('Not compared with what others were shown'));
  return [element('code', {}, hash), note];
}

/** An answer as a person reads it: the verdict first, then what it rests on. */
export function renderAnswer(made: CheckAnswer): {
  readonly verdict: Verdict;
  readonly nodes: readonly Node[];
} {
  const answer = made.kind === 'report' ? { ...made, report: retellReport(made.report) } : made;
  const verdict = phraseAnswer(answer);
  const nodes: Node[] = [renderVerdict(verdict)];
  if (answer.kind === 'report') nodes.push(...renderReport(answer));
  if (verdict.tone === 'valid')
    nodes.unshift(element('p', { class: 'paper mark' }, say('Statement of position')));
  return { verdict, nodes };
}

function renderVerdict({ tone, label, headline, sentence, next, code }: Verdict): HTMLElement {
  return element(
    'div',
    { class: `verdict ${tone}` },
    drawIcon(tone),
    element(
      'div',
      {},
      element('p', { class: 'label' }, label),
      element('h2', { id: 'verdict', tabindex: '-1' }, headline),
      element('p', {}, sentence),
      element('p', { class: 'next' }, element('strong', {}, say('Next:'), ' '), next),
      element('p', { class: 'small' }, ...tell('Code {code}', { code: element('code', {}, code) })),
    ),
  );
}

function renderReport({
  report,
  trust,
  nets,
  reserves,
}: Extract<CheckAnswer, { kind: 'report' }>): HTMLElement[] {
  // Amounts are drawn only where everything was shown: a number beside a refusal would be read as true.
  const isMoneyShown = isShown(report);
  return [
    ...(isMoneyShown
      ? [section('amounts', mark(report, say('Your money')), renderAmounts(report), renderPrint())]
      : []),
    ...(isMoneyShown
      ? [section('worth', mark(report, say('What it is worth')), ...renderWorth(report))]
      : []),
    ...(isMoneyShown && nets !== null
      ? [
          section(
            'statement',
            mark(report, say('Your statement, line by line')),
            ...renderStatement(nets, listUnitDecimals(report.stated?.assets ?? [])),
          ),
        ]
      : []),
    ...(reserves === null
      ? []
      : [section('reserves', mark(report, say('What is held against it')), ...renderReserves(reserves))]),
    section('snapshot', say('The snapshot'), renderSnapshot(report, trust)),
    section('checks', mark(report, say('What was checked')), ...renderChecks(report)),
    section(
      'not-shown',
      say('What this does not show'),
      element('ul', { class: 'plain' }, ...report.notShown.map((line) => element('li', {}, line))),
    ),
  ];
}

function mark({ insecure }: Report, title: string): string {
  if (!insecure) return title;
  // A German noun keeps its capital.
  return say('INSECURE: {title}', { title: spokenLanguage() === 'en' ? title.toLowerCase() : title });
}

function section(id: string, title: string, ...content: readonly Node[]): HTMLElement {
  return element(
    'section',
    { class: 'part', 'aria-labelledby': `${id}-title` },
    element('h3', { id: `${id}-title` }, title),
    ...content,
  );
}

function renderPrint(): HTMLElement {
  const print = element(
    'button',
    { type: 'button', class: 'link print' },
    say('Print as a statement of position'),
  );
  print.addEventListener('click', () => {
    window.print();
  });
  return print;
}
