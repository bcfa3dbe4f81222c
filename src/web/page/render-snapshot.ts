import type { Report } from '../../verifier/index.js';
import type { TrustShown } from '../checker/question.js';
import { element, quoted } from './element.js';
import { formatInstant, phraseProvenance } from '../../presentation/index.js';

/** Which snapshot this is, whose word it is, and what was compared with what others were shown. */
export function renderSnapshot(report: Report, trust: TrustShown | null): HTMLElement {
  const { platform, takenAt, manifestHash, manifestHashCompared, provenance, stated } = report;
  const facts: readonly (readonly [term: string, ...details: readonly (Node | string)[]])[] = [
    ['Platform', platform === null ? 'not shown' : quoted(platform)],
    ['Taken at', takenAt === null ? 'not shown' : formatInstant(takenAt)],
    ...(stated === null ? [] : [['Covers', quoted(stated.scope.included)] as const]),
    ...(stated?.scope.excluded.map((line) => ['Leaves out', quoted(line)] as const) ?? []),
    ['Manifest hash', ...renderHash(manifestHash, manifestHashCompared)],
    ['Keys', ...renderKeys(provenance)],
    ['Trust file', ...renderHash(trust?.hash ?? null, trust?.compared ?? false)],
    ...(trust === null ? [] : [['Signing key', element('code', {}, trust.signingKey)] as const]),
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
  if (provenance === null) return ['not shown'];
  const isOpen = provenance.kind === 'ceremony' && !provenance.shown;
  return [
    phraseProvenance(provenance),
    ...(isOpen ? [element('span', { class: 'tag open' }, 'Add ceremony.json, which shows it')] : []),
  ];
}

function renderHash(hash: string | null, isCompared: boolean): (Node | string)[] {
  if (hash === null) return ['none'];
  const note = isCompared
    ? element('span', { class: 'tag compared' }, '✓ the same as the hash that you pasted')
    : element('span', { class: 'tag open' }, 'Not compared with what others were shown');
  return [element('code', {}, hash), note];
}
