import type { Tone } from './verdict.js';

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
export function drawIcon(tone: Tone): SVGElement {
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
