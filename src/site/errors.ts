import { defineErrors } from '../protocol/index.js';

/** What can go wrong when a site is made: whose move is next, and what to do. */
export const SITE_ERRORS = {
  /** The check page was not built. */
  'page-not-built': { class: 'artefact', advice: 'run npm run build' },
  /** There is no finished bundle in the run, or the previous site has none. */
  'bundle-incomplete': { class: 'usage' },
  /** The site would lie in the run's directory, beside what is private. */
  'site-inside-run': {
    class: 'usage',
    advice: 'what serves the run would serve its private part too',
  },
  /** The manifest names an earlier one, and the site that has it was not given, or both it and none. */
  'history-not-given': { class: 'usage' },
  /** Readers with this trust file would refuse the bundle. */
  'bundle-not-valid': { class: 'verification', advice: 'publish nothing before you know why' },
  /** The directory of reserves lacks a file, or has one of another size or hash than was signed. */
  'reserves-incomplete': { class: 'usage', advice: 'name the directory that solvent reserves publish wrote' },
  /** The reserves are for another manifest, or signed under another key. */
  'reserves-of-another-run': {
    class: 'usage',
    advice: 'make reserves of this snapshot with solvent reserves publish',
  },
  /** The reserves do not name those of the site before. */
  'reserves-do-not-follow': {
    class: 'usage',
    advice: 'make them with solvent reserves publish --previous-reserves-hash and that hash',
  },
  /** Evidence of a ceremony without the trust file that pins its keys. */
  'evidence-alone': { class: 'usage', advice: 'name it with --trust, or leave the evidence out' },
  /** Pins without the reserves or the trust file that a reader verifies with them. */
  'pins-alone': { class: 'usage', advice: 'name it, or leave the pins out' },
  /** Readers with these pins would refuse the reserves. */
  'reserves-not-valid': { class: 'verification', advice: 'publish nothing before you know why' },
} as const;

export type SiteCode = keyof typeof SITE_ERRORS;

/** Makes an error about a site that is made. */
export const refuseSite = defineErrors(SITE_ERRORS);
