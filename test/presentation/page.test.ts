import { describe, expect, it } from 'vitest';

import {
  describeWorth,
  drawChart,
  drawTable,
  html,
  NOTHING,
  REPORT_STYLE,
  SHEET_STYLE,
  toNumberColumn,
} from '../../src/presentation/index.js';

const HOSTILE = `<script>alert('1')</script> "&`;

describe('a template', () => {
  it('shows texts as texts, in elements and in attributes', () => {
    expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.toString()).toBe(
      '<p title="&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;</p>',
    );
  });

  it('takes markup and lists of it as they are, and numbers', () => {
    const items = ['a', '<'].map((text) => html`<li>${text}</li>`);
    expect(html`${items}${2}${NOTHING}`.toString()).toBe('<li>a</li><li>&lt;</li>2');
  });
});

describe('a table on a page', () => {
  const table = drawTable(
    [{ title: 'Asset' }, toNumberColumn('Equity & debt')],
    [[HOSTILE, html`<b>1</b>`]],
  ).toString();

  it('says what each cell is, to readers of the screen and where it is drawn as a card', () => {
    expect(table).toMatch(/<th scope="row" role="rowheader">&lt;script&gt;/);
    expect(table).toMatch(
      /<td role="cell" class="number" data-label="Equity &amp; debt">\s*<span class="amount"><b>1<\/b>/,
    );
    expect(table).toMatch(/<th scope="col" role="columnheader" class="number">Equity &amp; debt<\/th>/);
  });

  it('lets no text be markup', () => {
    expect(table).not.toContain('<script');
  });
});

describe('a chart', () => {
  const values = Array.from({ length: 12 }, (_, index) => ({
    asset: `A${index}`,
    quoteUnits: BigInt(1200 - 100 * index),
    shareBasisPoints: 1500 - 125 * index,
  }));
  const chart = drawChart(values, 'USD').toString();

  it('has ten bars at most of their own, as long as their shares, and one for the rest', () => {
    const widths = [...chart.matchAll(/class="bar" width="(\d+)"/g)].map(([, width]) => Number(width));
    expect(widths).toHaveLength(11);
    expect(widths.slice(0, 3)).toEqual([1000, 917, 833]);
    expect(chart).toContain('2 others');
    expect(chart).toContain('1,200 USD');
    expect(describeWorth(values, 'USD')).toBe('7,800 USD');
  });

  it('is empty where nothing is owed', () => {
    expect(drawChart([], 'USD').toString()).not.toContain('<svg');
    expect(describeWorth([], 'USD')).toBe('0 USD');
  });
});

describe('the styles', () => {
  it('ask for nothing, and end no element', () => {
    for (const style of [REPORT_STYLE, SHEET_STYLE]) expect(style).not.toMatch(/<|url\(|@import/);
  });

  it('give every colour for light and for dark', () => {
    const [light = '', dark = ''] = SHEET_STYLE.split('@media (prefers-color-scheme: dark)');
    const coloursOf = (text: string) => [...text.matchAll(/(--[a-z-]+): #/g)].map(([, name]) => name);
    expect(coloursOf(light).length).toBeGreaterThan(10);
    expect(coloursOf(dark)).toEqual(coloursOf(light));
  });
});
