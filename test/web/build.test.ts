import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { buildPage, hashPage } from '../../scripts/web/page.js';
import { projectRoot } from '../../src/system/index.js';

describe('the check page as it is built', () => {
  it('is one file under a policy that allows its own script and style and nothing else', async () => {
    const html = await buildPage(projectRoot());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const hashOf = (tag: string) => {
      const [, text] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html)!;
      return `'sha256-${createHash('sha256').update(text!).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashOf('script')} 'wasm-unsafe-eval'`,
      `style-src ${hashOf('style')}`,
      'worker-src blob:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    const markup = html.replace(/<(script|style)[^>]*>[^]*?<\/\1>/g, '');
    expect(markup).not.toMatch(/\ssrc=|\shref=|\son[a-z]+=|\sstyle=/);
  });

  it('is the same, byte for byte, each time that it is built', async () => {
    const [first, again] = [await buildPage(projectRoot()), await buildPage(projectRoot())];
    expect(hashPage(again)).toBe(hashPage(first));
  });
});
