export { publishSite } from './site.js';
