/** A part of a query as it stands, and with what holds the branches in it to one type. */
type Part = { readonly raw: string; readonly held: string };

const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][A-Za-z_0-9]*|[0-9.]+|\s+|[^]/g;
/** Branches that are exact beside any other: nothing, and whole numbers. */
const LITERAL = /^\s*(?:NULL|-?[0-9]+)\s*$/;

function tokenize(query: string): string[] {
  const uncommented = query.replace(/'(?:[^']|'')*'|--[^\n]*/g, (token) =>
    token.startsWith('--') ? '' : token,
  );
  return uncommented.match(TOKENS) ?? [];
}

/**
 * A query that does not bind where the branches of a CASE, coalesce or if have two types, and otherwise is the same:
 * `typeof` is known as soon as a query binds, and a struct has no member by the name of false.
 */
export function holdBranches(query: string): string {
  return new BranchReader(tokenize(query)).read(new Set()).held;
}

class BranchReader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  /** Reads up to one of some tokens that is in no parentheses. */
  read(stops: ReadonlySet<string>): Part {
    const part = { raw: '', held: '' };
    const append = ({ raw, held }: Part) => {
      part.raw += raw;
      part.held += held;
    };
    for (let depth = 0; this.#at < this.#tokens.length;) {
      const token = this.#tokens[this.#at]!;
      if (depth === 0 && stops.has(token)) break;
      if (token === 'CASE') append(this.#readCase());
      else if ((token === 'coalesce' || token === 'if') && this.#tokens[this.#at + 1] === '(') {
        append(this.#readCall(token));
      } else {
        depth += Number('([{'.includes(token)) - Number(')]}'.includes(token));
        append(this.#take());
      }
    }
    return part;
  }

  /** The next token; undefined behind the last. */
  next(): string | undefined {
    return this.#tokens[this.#at++];
  }

  #take(): Part {
    const raw = this.#tokens[this.#at++]!;
    return { raw, held: raw };
  }

  #readCase(): Part {
    const parts = [this.#take(), this.read(new Set(['WHEN']))];
    const branches: number[] = [];
    while (this.#tokens[this.#at] !== 'END') {
      if (this.#take().raw === 'WHEN') {
        parts.push(plain(' WHEN '), this.read(new Set(['THEN'])), plain(' THEN '));
        this.#at += 1;
      } else parts.push(plain(' ELSE '));
      branches.push(parts.push(this.read(new Set(['WHEN', 'ELSE', 'END']))) - 1);
    }
    parts.push(plain(' '), this.#take());
    return join(parts, branches);
  }

  #readCall(name: string): Part {
    const parts = [this.#take(), this.#take()];
    const branches: number[] = [];
    for (let argument = 0; this.#tokens[this.#at - 1] !== ')'; argument++) {
      const at = parts.push(this.read(new Set([',', ')']))) - 1;
      if (name === 'coalesce' || argument > 0) branches.push(at);
      parts.push(this.#take());
    }
    return join(parts, branches);
  }
}

function plain(text: string): Part {
  return { raw: text, held: text };
}

/** Joins parts, the first branch of a type of its own held to the types of all others. */
function join(parts: readonly Part[], branches: readonly number[]): Part {
  const [first, ...others] = branches.filter((at) => !LITERAL.test(parts[at]!.raw));
  const same = others.map((at) => formatSame(parts[first!]!.raw, parts[at]!.raw));
  const held = parts.map((part, at) =>
    at === first && same.length > 0
      ? ` struct_extract({'true': ${part.held}}, (${same.join(' AND ')})::VARCHAR) `
      : part.held,
  );
  return { raw: parts.map(({ raw }) => raw).join(''), held: held.join('') };
}

function formatSame(left: string, right: string): string {
  const [a, b] = [`typeof(${left})`, `typeof(${right})`];
  return `(${a} = ${b} OR ${a} = '"NULL"' OR ${b} = '"NULL"')`;
}

/** One branch of a union: a query that can be described by itself, and where its columns are literals. */
export type UnionBranch = { readonly query: string; readonly literals: ReadonlySet<number> };

/** The branches of every union of a query. */
export function listUnions(query: string): UnionBranch[][] {
  const unions: UnionBranch[][] = [];
  findUnions(tokenize(query), '', unions);
  return unions;
}

/** @param context the common table expressions that stand before, with their WITH. */
function findUnions(tokens: readonly string[], context: string, unions: UnionBranch[][]): void {
  const level = tokens.map((token, at) => ({ token, at, depth: 0 }));
  let depth = 0;
  for (const entry of level) {
    if (')'.includes(entry.token)) depth -= 1;
    entry.depth = depth;
    if (entry.token === '(') depth += 1;
  }
  const top = level.filter((entry) => entry.depth === 0);
  const text = (from: number, to: number) => tokens.slice(from, to).join('');
  for (const open of top.filter(({ token }) => token === '(')) {
    const close = top.find(({ at, token }) => at > open.at && token === ')')!;
    const inner = tokens.slice(open.at + 1, close.at);
    if (!inner.includes('UNION')) continue;
    const before = top.filter(({ at }) => at < open.at);
    const from = before.findLast(({ token }) => token === 'WITH');
    const comma = before.findLast(({ token, at }) => token === ',' && at > (from?.at ?? Infinity));
    const isExpression =
      from !== undefined && !before.some(({ token, at }) => /^(?:SELECT|FROM)$/.test(token) && at > from.at);
    const query = before.findLast(({ token }) => token === 'SELECT');
    const end = isExpression ? comma?.at : from === undefined ? undefined : query?.at;
    findUnions(inner, end === undefined ? context : text(from!.at, end), unions);
  }
  const marks = top.filter(({ token }) => token === 'UNION');
  if (marks.length === 0) return;
  const first = top.find(({ token }) => /^(?:WITH|SELECT|FROM)$/.test(token))!;
  const body = top.find(({ token }) => /^(?:SELECT|FROM)$/.test(token))!;
  const own = first.token === 'WITH' ? text(first.at, body.at) : context;
  const ends = [...marks.map(({ at }) => at), tokens.length];
  unions.push(
    ends.map((end, index) => {
      const from = index === 0 ? body.at : ends[index - 1]! + 1;
      const branch = text(from, end).replace(/^\s*(?:ALL\b)?\s*(?:BY\s+NAME\b)?/, '');
      return { query: `${own} ${branch}`, literals: findLiterals(branch) };
    }),
  );
}

/** The columns of a branch that are literals. */
function findLiterals(branch: string): Set<number> {
  const list = /^\s*SELECT\s+(?:DISTINCT\s+)?([^]*)$/.exec(branch)?.[1] ?? '';
  const literals = new Set<number>();
  const reader = new BranchReader(tokenize(list));
  for (let column = 0, isLast = false; !isLast; column++) {
    const { raw } = reader.read(new Set([',', 'FROM']));
    if (LITERAL.test(raw.replace(/\s+AS\s+\w+\s*$/, ''))) literals.add(column);
    isLast = reader.next() !== ',';
  }
  return literals;
}
