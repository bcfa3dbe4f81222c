import { chooseLanguage, isLanguage, say, type Language } from '../../presentation/index.js';
import { BUNDLE_FILES } from '../../protocol/index.js';
import type { CheckAnswer, Progress, Question } from '../checker/question.js';
import { parsePastedHash } from '../checker/pasted-hash.js';
import { ask, type Asked } from './ask.js';
import { findElement } from './element.js';
import { findLanguage, tellMarkup } from './markup.js';
import { ReservesForm } from './reserves.js';
import { renderAnswer } from './render-result.js';
import { fetchBundle, isServed } from './site-files.js';
import { Slots } from './slots.js';
import { NO_SITE_FILES } from './words.js';

const form = findElement('form', HTMLFormElement);
const drop = findElement('drop', HTMLElement);
const picker = findElement('files', HTMLInputElement);
const user = findElement('user', HTMLInputElement);
const manifestHash = findElement('manifest-hash', HTMLInputElement);
const trustHash = findElement('trust-hash', HTMLInputElement);
const allowDevelopment = findElement('allow-development', HTMLInputElement);
const button = findElement('check', HTMLButtonElement);
const progress = findElement('progress', HTMLElement);
const bar = findElement('bar', HTMLProgressElement);
const fetchButton = findElement('fetch', HTMLButtonElement);
const result = findElement('result', HTMLElement);
const languages = findElement('language', HTMLSelectElement);

let asked: Asked | undefined;
/** What stands below the form, to be told anew in another language. */
let shown: CheckAnswer | undefined;
const slots = new Slots(findElement('slots', HTMLElement), forgetAnswer);
const reserves = new ReservesForm(forgetAnswer, { isServed: isServed() });

/** After this a change of the viewport is the user's own. */
const KEYBOARD_LEAVES_MS = 1500;

/** An answer is to what was asked: once that changes it must not stand beside other files. */
function forgetAnswer(): void {
  asked?.cancel();
  asked = undefined;
  shown = undefined;
  result.hidden = true;
  result.replaceChildren();
  progress.textContent = '';
  bar.hidden = true;
  button.disabled = false;
}

async function addFiles(files: Iterable<File> | null): Promise<void> {
  // What is of reserves goes to their own step, wherever it is dropped.
  const remarks = await slots.add(await reserves.take([...(files ?? [])]));
  showProblem('files', '');
  findElement('files-status', HTMLElement).textContent = remarks.join(' ');
}

/** Gets the bundle of the site that this page came from, where it came from one. */
async function addSiteFiles(): Promise<void> {
  fetchButton.disabled = true;
  const files = await fetchBundle();
  fetchButton.disabled = false;
  await addFiles(files);
  if (!files.some(({ name }) => name === BUNDLE_FILES.manifest)) showProblem('files', say(NO_SITE_FILES));
}

function showProblem(id: string, text: string): void {
  findElement(`${id}-problem`, HTMLElement).textContent = text;
  document.getElementById(id)?.setAttribute('aria-invalid', String(text !== ''));
}

/** The first input that must be put right before there is anything to ask, or none. */
function findProblem(): HTMLInputElement | undefined {
  const hash = say(
    'A hash has 64 digits, 0 to 9 and a to f. Paste all of it, or leave this empty. (hash-malformed)',
  );
  const isWrong = ({ value }: HTMLInputElement) =>
    value.trim() !== '' && parsePastedHash(value) === undefined;
  const problems: readonly (readonly [HTMLInputElement, string])[] = [
    [
      picker,
      slots.files.inclusion === undefined ? say('Add your inclusion file first. (inclusion-missing)') : '',
    ],
    [user, user.value.trim() === '' ? say('Type your id first. (name-empty)') : ''],
    [manifestHash, isWrong(manifestHash) ? hash : ''],
    [trustHash, isWrong(trustHash) ? hash : ''],
  ];
  for (const [input, text] of problems) showProblem(input.id, text);
  return problems.find(([, text]) => text !== '')?.[0] ?? reserves.findProblem();
}

async function check(): Promise<void> {
  forgetAnswer();
  const problem = findProblem();
  if (problem !== undefined) {
    problem.focus();
    document.getElementById(`${problem.id}-problem`)?.scrollIntoView({ block: 'center' });
    return;
  }
  button.disabled = true;
  progress.textContent = say('Checking …');
  const question: Question = {
    userId: user.value,
    files: slots.files,
    manifestHash: manifestHash.value,
    trustHash: trustHash.value,
    reserves: reserves.given,
    allowDevelopmentKeys: allowDevelopment.checked,
  };
  const mine = ask(question, showProgress);
  asked = mine;
  const answer = await mine.answer;
  if (asked === mine) show(answer);
}

/** A bar and no text: a status that changes with every proof would be read aloud each time. */
function showProgress({ done, total }: Progress): void {
  bar.max = total;
  bar.value = done;
  bar.hidden = false;
}

function show(answer: CheckAnswer): void {
  button.disabled = false;
  bar.hidden = true;
  shown = answer;
  draw(answer);
  result.hidden = false;
  findElement('verdict', HTMLElement).focus({ preventScroll: true });
  bringIntoView(result);
}

function draw(answer: CheckAnswer): void {
  const { verdict, nodes } = renderAnswer(answer);
  progress.textContent = `${verdict.label}. ${verdict.headline}`;
  result.replaceChildren(...nodes);
}

/** Tells everything that stands on the page anew; nothing that the reader gave is lost. */
function changeLanguage(language: Language): void {
  chooseLanguage(language);
  tellMarkup();
  slots.draw();
  reserves.draw();
  for (const id of ['files', 'user', 'manifest-hash', 'trust-hash']) showProblem(id, '');
  if (shown !== undefined) draw(shown);
  else if (asked !== undefined) progress.textContent = say('Checking …');
}

/** A phone's keyboard leaves when the focus does, and the page is laid out anew: then it is brought into view again. */
function bringIntoView(target: HTMLElement): void {
  const scroll = () => {
    target.scrollIntoView({ block: 'start', behavior: 'instant' });
  };
  scroll();
  requestAnimationFrame(scroll);
  const viewport = window.visualViewport;
  viewport?.addEventListener('resize', scroll, { once: true });
  setTimeout(() => viewport?.removeEventListener('resize', scroll), KEYBOARD_LEAVES_MS);
}

languages.value = findLanguage();
if (languages.value !== 'en') changeLanguage(findLanguage());
languages.addEventListener('change', () => {
  if (isLanguage(languages.value)) changeLanguage(languages.value);
});
fetchButton.hidden = !isServed();
fetchButton.addEventListener('click', () => void addSiteFiles());
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});
for (const input of [user, manifestHash, trustHash, allowDevelopment]) {
  input.addEventListener('input', forgetAnswer);
}
picker.addEventListener('change', () => {
  void addFiles(picker.files).then(() => {
    // So that choosing the same file again counts as a choice.
    picker.value = '';
  });
});
// Files may be dropped anywhere: beside the box the browser would open them in place of the page.
for (const name of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', name === 'dragover');
    if (name === 'drop') void addFiles(event.dataTransfer?.files ?? null);
  });
}
