/**
 * Random cells of TypeScript that run: a few names, so that they hide, take and change each other's, and every kind of
 * declaration and pattern that cells have. What a name holds is a number, a function or an array; reading a name that
 * nobody has made throws, as in a notebook.
 */
import fc from 'fast-check';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

export const name = fc.constantFrom(...NAMES);

const join = (
  parts: readonly fc.Arbitrary<string>[],
  write: (...texts: string[]) => string
): fc.Arbitrary<string> => fc.tuple(...parts).map(texts => write(...texts));

interface Grammar {
  readonly expression: fc.Arbitrary<string>;
  readonly body: fc.Arbitrary<string>;
}

type Rules = { expression: string; statement: string; body: string; pattern: string };

/**
 * Code over these names.
 * @param loose whether it assigns names and declares others than its cell is given
 */
function grammar(name: fc.Arbitrary<string>, loose: boolean): Grammar {
  const either = (yes: fc.Arbitrary<string>, no: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    loose ? yes : no;
  const own = (statement: string): string => (loose ? statement : `(() => { ${statement} })();`);
  return fc.letrec<Rules>(tie => ({
    expression: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.nat(9).map(String),
      name,
      join([tie('expression'), tie('expression')], (l, r) => `(${l} + ${r})`),
      join([name, tie('expression')], (n, e) => `((${n} = ${e}) => ${n})()`),
      join(
        [name, name, tie('expression')],
        (n, m, e) => `(function ${n}(${m}: any): any { return ${m} ?? ${n}; })(${e})`
      ),
      join([name, tie('expression'), name], (k, v, s) => `Object.values({ ${k}: ${v}, ${s} })[0]`),
      join([name, tie('body')], (n, b) => `(() => { ${b} return ${n}; })()`),
      either(
        join([name, tie('expression')], (n, e) => `(${n} = ${e})`),
        name
      ),
      join([name], n => `[${n}].map((${n}: any) => ${n})[0]`),
      join(
        [name, tie('expression')],
        (n, e) => `(class ${n} { static v: any = ${e}; static own = () => ${n} }).v`
      ),
      join([name], n => `\`\${${n}} b\``),
      join([name], n => `typeof ${n}`),
      join([tie('expression'), name], (e, n) => `(${e} as ${n} satisfies unknown)`)
    ),
    pattern: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      name,
      join([name, name], (k, n) => `{ ${k}: ${n} }`),
      join([name, tie('expression')], (n, e) => `{ ${n} = ${e} }`),
      join([name, tie('expression')], (n, e) => `[${n} = ${e}]`),
      join([tie('expression'), tie('pattern')], (k, p) => `{ [${k}]: ${p} = {} }`),
      join([name], n => `{ ...${n} }`)
    ),
    statement: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      join([tie('expression')], e => `${e};`),
      join([tie('pattern'), tie('expression')], (p, e) => `{ let ${p}: any = Object(${e}); }`),
      join([tie('pattern'), tie('expression')], (p, e) => own(`var ${p}: any = Object(${e});`)),
      join([name, tie('body')], (n, b) => `{ function ${n}() { ${b} } }`),
      join([name, tie('body')], (n, b) => own(`for (var ${n} of [0, 1]) { ${b} }`)),
      join([name, tie('expression'), tie('body')], (n, e, b) => `for (const ${n} of [${e}]) { ${b} }`),
      join(
        [name, tie('expression')],
        (n, e) => `outer: for (let ${n} in { k: 1 }) { if (${e}) continue outer; }`
      ),
      join([tie('body'), name, tie('body')], (t, n, b) => `try { ${t} } catch (${n}) { ${b} }`),
      join([tie('expression'), tie('body'), tie('body')], (e, t, o) => `if (${e}) { ${t} } else { ${o} }`),
      join(
        [tie('expression'), name, tie('body')],
        (e, n, b) => `switch (${e}) { case 1: let ${n} = 2; ${b} }`
      ),
      join([name, name], (t, n) => `{ type ${t} = typeof ${n}; let z: ${t}; }`),
      either(
        join(
          [tie('pattern'), tie('expression')],
          (p, e) => `(${/^[[{]/.test(p) ? p : `[${p}]`} = Object(${e}));`
        ),
        tie('body')
      )
    ),
    body: fc.array(tie('statement'), { maxLength: 2 }).map(statements => statements.join(' '))
  }));
}

/** A declaration at the cell's own level that makes `n`. */
function declaration(n: string, { expression, body }: Grammar): fc.Arbitrary<string> {
  return fc.oneof(
    expression.map(e => `const ${n} = ${e};`),
    expression.map(e => `let ${n}: any = ${e};`),
    expression.map(e => `var ${n} = ${e};`),
    expression.map(e => `const { x: ${n} = ${e} }: any = {};`),
    expression.map(e => `const [${n}] = [${e}];`),
    fc.tuple(body, expression).map(([b, e]) => `function ${n}() { ${b} return ${e}; }`),
    expression.map(e => `class ${n} { static v: any = ${e}; static w = () => ${n}; }`),
    fc.tuple(body, expression).map(([b, e]) => `const ${n} = (z: any) => { ${b} return z + ${e}; };`),
    fc.nat(9).map(v => `enum ${n} { A = ${v}, B = A }`)
  );
}

function cellOf(makes: readonly string[], code: Grammar): fc.Arbitrary<string> {
  return fc
    .tuple(fc.tuple(...makes.map(each => declaration(each, code))), code.body, code.body)
    .map(([declarations, before, after]) => [before, ...declarations, after].filter(Boolean).join('\n'));
}

const loose = grammar(name, true);

/** One cell: declarations of the names it is given, among statements that do what they like. */
export const cell = (makes: readonly string[]): fc.Arbitrary<string> => cellOf(makes, loose);

/** A notebook in any order whose cells each make one name and read only such as can be made before. */
export const notebook: fc.Arbitrary<string[]> = fc
  .shuffledSubarray([...NAMES], { minLength: 3 })
  .chain(names =>
    fc.tuple(
      ...names.map((each, i) =>
        cellOf([each], grammar(fc.constantFrom('x', ...names.slice(0, i + 1)), false))
      )
    )
  )
  .chain(cells => fc.shuffledSubarray(cells, { minLength: cells.length }));
