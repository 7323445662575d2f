/**
 * What a checked cell becomes: the body of a function over the shared scope (`exports`), `require` and a guard
 * of its awaits. TypeScript takes the types off and turns imports into requires; the rest is done here, on the
 * tree that was checked, where each name's symbol is known.
 *
 * Variables live in the scope, so that a function sees what a later cell assigns to them. A constant, function
 * or class keeps a local of its own, which the cell's own level and its own body use (fast), while functions
 * read it from the scope: so they call the newest version of a helper that was declared again.
 */
import { GUARD } from './guard.js';
import { localsOf, type Checked } from './program.js';
import { bindingNames } from './source.js';
import { ts, type TypeScript } from './typescript.js';

export const SCOPE = 'exports';

export interface Emitted {
  js: string;
  /** The cell has an await at its own level. */
  async: boolean;
  /** Property of the scope that receives the last expression's value. */
  resultName?: string;
}

type Locals = ReadonlyMap<string, TypeScript.Symbol>;

/** Whether a `let` or `var`: anything that may be assigned again. */
function isVariable(symbol: TypeScript.Symbol): boolean {
  return (symbol.declarations ?? []).some(declaration => {
    const list = ts.findAncestor(declaration, ts.isVariableDeclarationList);
    return list !== undefined && !(list.flags & ts.NodeFlags.Const) && !isAmbient(declaration);
  });
}

function isAmbient(node: TypeScript.Node): boolean {
  return (ts.getCombinedModifierFlags(node as TypeScript.Declaration) & ts.ModifierFlags.Ambient) !== 0;
}

/** An identifier that stands for a value, as opposed to a name that is declared or looked up in an object. */
function isReference(node: TypeScript.Identifier): boolean {
  const parent = node.parent as TypeScript.Node & {
    name?: TypeScript.Node;
    propertyName?: TypeScript.Node;
    label?: TypeScript.Node;
  };
  return parent.name !== node && parent.propertyName !== node && parent.label !== node;
}

class Writer {
  isAsync = false;
  resultName: string | undefined;
  private readonly f: TypeScript.NodeFactory;
  private readonly own: Locals;
  private readonly earlier: Locals;
  private readonly variables = new Set<TypeScript.Symbol>();
  /** Symbols whose declaration is being written: inside, they mean themselves. */
  private readonly inside: TypeScript.Symbol[] = [];
  /** How deep in functions: what is there may run after the cell. */
  private depth = 0;

  constructor(
    private readonly checked: Checked,
    /** End of the cell's own text; what follows are the exports that make the checker keep every name. */
    private readonly end: number,
    private readonly context: TypeScript.TransformationContext
  ) {
    this.f = context.factory;
    this.own = localsOf(checked.cell);
    this.earlier = localsOf(checked.earlier);
    for (const symbol of this.own.values()) if (isVariable(symbol)) this.variables.add(symbol);
  }

  file(): TypeScript.SourceFile {
    const { cell } = this.checked;
    // By its first token: a statement's own position is where the one before it ends.
    const own = cell.statements.filter(statement => statement.getStart(cell) < this.end);
    const last = own.filter(s => !ts.isInterfaceDeclaration(s) && !ts.isTypeAliasDeclaration(s)).at(-1);
    const statements = own.flatMap(statement => {
      if (statement === last && ts.isExpressionStatement(statement)) return [this.result(statement)];
      return this.statement(statement);
    });
    // Functions can be called above their declaration.
    const hoisted = own.filter(s => ts.isFunctionDeclaration(s) && s.body && s.name);
    const names = new Set(hoisted.map(s => (s as TypeScript.FunctionDeclaration).name!.text));
    return this.f.updateSourceFile(cell, [...[...names].map(name => this.keep(name)), ...statements]);
  }

  private scoped(name: string): TypeScript.PropertyAccessExpression {
    return this.f.createPropertyAccessExpression(this.f.createIdentifier(SCOPE), name);
  }

  /** `exports.name = name` */
  private keep(
    name: string,
    value: TypeScript.Expression = this.f.createIdentifier(name)
  ): TypeScript.Statement {
    return this.f.createExpressionStatement(this.f.createAssignment(this.scoped(name), value));
  }

  private result(statement: TypeScript.ExpressionStatement): TypeScript.Statement {
    const taken = (name: string): boolean => this.own.has(name) || this.earlier.has(name);
    let name = 'tsLastExpr';
    for (let i = 0; taken(name); i++) name = `tsLastExpr${i}`;
    this.resultName = name;
    return this.keep(name, this.expression(statement.expression));
  }

  private expression<T extends TypeScript.Node>(node: T): T {
    return ts.visitNode(node, this.visit) as T;
  }

  private statement(statement: TypeScript.Statement): TypeScript.Statement[] {
    if (ts.isImportDeclaration(statement)) return [statement, ...this.imported(statement)];
    if (ts.isVariableStatement(statement) && !isAmbient(statement.declarationList.declarations[0]!)) {
      if (statement.declarationList.flags & ts.NodeFlags.Const) return this.constants(statement);
      return [this.expression(statement)];
    }
    const name = (statement as Partial<TypeScript.NamedDeclaration>).name;
    const written = this.within(name && ts.isIdentifier(name) ? this.own.get(name.text) : undefined, () =>
      this.expression(statement)
    );
    return [
      written,
      ...(this.holdsValue(statement) ? [this.keep((name as TypeScript.Identifier).text)] : [])
    ];
  }

  /** A declaration other than a function's or a variable's that leaves a value under its name. */
  private holdsValue(statement: TypeScript.Statement): boolean {
    if (ts.isClassDeclaration(statement)) return statement.name !== undefined && !isAmbient(statement);
    if (ts.isEnumDeclaration(statement))
      return !(ts.getCombinedModifierFlags(statement) & (ts.ModifierFlags.Const | ts.ModifierFlags.Ambient));
    if (ts.isModuleDeclaration(statement))
      return (
        ts.isIdentifier(statement.name) &&
        !isAmbient(statement) &&
        (ts as unknown as { getModuleInstanceState(node: TypeScript.Node): number }).getModuleInstanceState(
          statement
        ) === 1
      );
    return ts.isImportEqualsDeclaration(statement) && !statement.isTypeOnly;
  }

  /** Imported values; a name that is only a type leaves nothing. */
  private imported(statement: TypeScript.ImportDeclaration): TypeScript.Statement[] {
    const clause = statement.importClause;
    if (!clause || clause.isTypeOnly) return [];
    const { checker } = this.checked;
    const out: TypeScript.Statement[] = [];
    const add = (name: TypeScript.Identifier): void => {
      const symbol = checker.getSymbolAtLocation(name);
      if (!symbol || !(checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value)) return;
      // A node that stands for the import's own: TypeScript writes `module_1.name` for it.
      const value = ts.setOriginalNode(this.f.createIdentifier(name.text), name);
      out.push(this.keep(name.text, value));
    };
    if (clause.name) add(clause.name);
    const named = clause.namedBindings;
    if (named && ts.isNamespaceImport(named)) add(named.name);
    else named?.elements.filter(element => !element.isTypeOnly).forEach(element => add(element.name));
    return out;
  }

  /** Each constant is kept as soon as it is there: the next one's initializer may call a function that reads it. */
  private constants(statement: TypeScript.VariableStatement): TypeScript.Statement[] {
    return statement.declarationList.declarations.flatMap(declaration => {
      const names: string[] = [];
      bindingNames(declaration.name, name => names.push(name));
      const symbol = ts.isIdentifier(declaration.name) ? this.own.get(declaration.name.text) : undefined;
      const written = this.within(symbol, () => this.expression(declaration));
      const list = this.f.createVariableDeclarationList([written], ts.NodeFlags.Const);
      return [this.f.createVariableStatement(undefined, list), ...names.map(name => this.keep(name))];
    });
  }

  private within<T>(symbol: TypeScript.Symbol | undefined, write: () => T): T {
    if (!symbol) return write();
    this.inside.push(symbol);
    const written = write();
    this.inside.pop();
    return written;
  }

  private readonly visit = (node: TypeScript.Node): TypeScript.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isIdentifier(node))
      return isReference(node) && this.isShared(node) ? this.scoped(node.text) : node;
    if (ts.isShorthandPropertyAssignment(node)) return this.shorthand(node);
    if (ts.isVariableStatement(node) && this.isLive(node.declarationList))
      return this.f.createExpressionStatement(this.assignments(node.declarationList));
    if (ts.isVariableDeclarationList(node) && this.isLive(node)) {
      if (ts.isForInStatement(node.parent) || ts.isForOfStatement(node.parent))
        return this.target(node.declarations[0]!.name);
      return this.assignments(node);
    }
    // A plain call must not hand the scope over as `this`.
    if (ts.isCallExpression(node) && this.isSharedName(node.expression))
      return this.f.updateCallExpression(
        node,
        this.detached(node.expression),
        undefined,
        ts.visitNodes(node.arguments, this.visit) as TypeScript.NodeArray<TypeScript.Expression>
      );
    if (ts.isTaggedTemplateExpression(node) && this.isSharedName(node.tag))
      return this.f.updateTaggedTemplateExpression(
        node,
        this.detached(node.tag),
        undefined,
        this.expression(node.template)
      );
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node)) {
      this.depth++;
      const written = ts.visitEachChild(node, this.visit, this.context);
      this.depth--;
      return written;
    }
    if (ts.isAwaitExpression(node) && this.depth === 0) {
      this.isAsync = true;
      return this.f.updateAwaitExpression(
        node,
        this.guarded(this.f.createIdentifier(GUARD), node.expression)
      );
    }
    if (ts.isForOfStatement(node) && node.awaitModifier && this.depth === 0) {
      this.isAsync = true;
      const each = this.f.createPropertyAccessExpression(this.f.createIdentifier(GUARD), 'each');
      return this.f.updateForOfStatement(
        node,
        node.awaitModifier,
        this.expression(node.initializer),
        this.guarded(each, node.expression),
        this.expression(node.statement)
      );
    }
    return ts.visitEachChild(node, this.visit, this.context);
  };

  private guarded(guard: TypeScript.Expression, expression: TypeScript.Expression): TypeScript.Expression {
    return this.f.createCallExpression(guard, undefined, [this.expression(expression)]);
  }

  /** `(0, exports.name)` */
  private detached(name: TypeScript.Identifier): TypeScript.Expression {
    return this.f.createParenthesizedExpression(
      this.f.createComma(this.f.createNumericLiteral(0), this.scoped(name.text))
    );
  }

  private isSharedName(node: TypeScript.Node): node is TypeScript.Identifier {
    return ts.isIdentifier(node) && this.isShared(node);
  }

  /** Whether the name means a value that is to be read from the scope. */
  private isShared(node: TypeScript.Identifier): boolean {
    const name = node.text;
    if (!this.own.has(name) && !this.earlier.has(name)) return false;
    const { checker, earlier } = this.checked;
    const symbol = ts.isShorthandPropertyAssignment(node.parent)
      ? checker.getShorthandAssignmentValueSymbol(node.parent)
      : checker.getSymbolAtLocation(node);
    if (!symbol) return false;
    if (this.own.get(name) === symbol) {
      if (this.variables.has(symbol)) return true;
      return this.depth > 0 && !this.inside.includes(symbol) && this.isHeld(symbol);
    }
    return (symbol.declarations ?? []).some(declaration => declaration.getSourceFile() === earlier);
  }

  /** A constant, function, class and so on of this cell. Imports stay what they are. */
  private isHeld(symbol: TypeScript.Symbol): boolean {
    const flags = ts.SymbolFlags.Value & ~ts.SymbolFlags.ConstEnum;
    return (symbol.flags & flags) !== 0 && !(symbol.declarations ?? []).some(isAmbient);
  }

  private shorthand(node: TypeScript.ShorthandPropertyAssignment): TypeScript.Node {
    const initializer = node.objectAssignmentInitializer && this.expression(node.objectAssignmentInitializer);
    if (!this.isShared(node.name))
      return this.f.updateShorthandPropertyAssignment(node, node.name, initializer);
    const value = this.scoped(node.name.text);
    return this.f.createPropertyAssignment(
      node.name.text,
      initializer ? this.f.createAssignment(value, initializer) : value
    );
  }

  private isLive(list: TypeScript.VariableDeclarationList): boolean {
    if (list.flags & ts.NodeFlags.Const) return false;
    let name: string | undefined;
    bindingNames(list.declarations[0]!.name, found => (name ??= found));
    const symbol = name === undefined ? undefined : this.own.get(name);
    if (!symbol || !this.variables.has(symbol)) return false;
    // Not a `let` of a block that has the same name.
    return (symbol.declarations ?? []).some(d => ts.findAncestor(d, ts.isVariableDeclarationList) === list);
  }

  /** A declaration list as assignments to the scope. */
  private assignments(list: TypeScript.VariableDeclarationList): TypeScript.Expression {
    // `var x;` in a loop leaves x as it is.
    const nested = !ts.isSourceFile(list.parent.parent) && !(list.flags & ts.NodeFlags.BlockScoped);
    const each = list.declarations
      .filter(({ initializer }) => initializer || !nested)
      .map(({ name, initializer }) =>
        this.f.createAssignment(
          this.target(name),
          initializer ? this.value(name, initializer) : this.f.createVoidZero()
        )
      );
    const [first = this.f.createVoidZero(), ...rest] = each as TypeScript.Expression[];
    const all = rest.reduce((left, right) => this.f.createComma(left, right), first);
    // `{ a } = b` would be a block.
    return ts.isIdentifier(list.declarations[0]!.name) ? all : this.f.createParenthesizedExpression(all);
  }

  /** A function without a name takes the variable's, as it would from a declaration. */
  private value(name: TypeScript.BindingName, initializer: TypeScript.Expression): TypeScript.Expression {
    const written = this.expression(initializer);
    const unnamed =
      ts.isArrowFunction(initializer) ||
      ((ts.isFunctionExpression(initializer) || ts.isClassExpression(initializer)) && !initializer.name);
    if (!unnamed || !ts.isIdentifier(name)) return written;
    const holder = this.f.createObjectLiteralExpression([
      this.f.createPropertyAssignment(this.f.createIdentifier(name.text), written)
    ]);
    return this.f.createPropertyAccessExpression(this.f.createParenthesizedExpression(holder), name.text);
  }

  /** A binding as the left side of an assignment. */
  private target(name: TypeScript.BindingName): TypeScript.Expression {
    if (ts.isIdentifier(name)) return this.scoped(name.text);
    const value = (element: TypeScript.BindingElement): TypeScript.Expression => {
      const target = this.target(element.name);
      return element.initializer
        ? this.f.createAssignment(target, this.expression(element.initializer))
        : target;
    };
    if (ts.isArrayBindingPattern(name))
      return this.f.createArrayLiteralExpression(
        name.elements.map(element => {
          if (ts.isOmittedExpression(element)) return this.f.createOmittedExpression();
          return element.dotDotDotToken ? this.f.createSpreadElement(value(element)) : value(element);
        })
      );
    return this.f.createObjectLiteralExpression(
      name.elements.map(element => {
        if (element.dotDotDotToken) return this.f.createSpreadAssignment(value(element));
        const key = element.propertyName ?? (element.name as TypeScript.Identifier);
        const property = ts.isIdentifier(key) ? this.f.createIdentifier(key.text) : this.expression(key);
        return this.f.createPropertyAssignment(property, value(element));
      })
    );
  }
}

/** `Object.defineProperty(exports, "__esModule", ...)`: the scope is no module. */
function isModuleMark(statement: TypeScript.Statement): boolean {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return false;
  const name = statement.expression.arguments[1];
  return name !== undefined && ts.isStringLiteral(name) && name.text === '__esModule';
}

/** @param length - of the cell's own text, PREFIX included. */
export function emitCell(checked: Checked, length: number): Emitted {
  let js = '';
  let writer: Writer | undefined;
  checked.program.emit(checked.cell, (_name, text) => (js = text), undefined, false, {
    before: [
      context => () => {
        writer = new Writer(checked, length, context);
        return writer.file();
      }
    ],
    after: [
      context => file =>
        context.factory.updateSourceFile(
          file,
          file.statements.filter(statement => !isModuleMark(statement))
        )
    ]
  });
  return {
    js,
    async: writer?.isAsync ?? false,
    ...(writer?.resultName && { resultName: writer.resultName })
  };
}
