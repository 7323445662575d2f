/**
 * The type checker over a notebook: a program of two texts in memory, the cell and the declarations of the
 * cells that ran before it, and of whatever files they import. Made anew for each text, on what the last one
 * had read. It emits nothing and knows no JavaScript.
 *
 * The cell's file has the declarations' file for a parent, as in tslab: names that the cell does not know are
 * looked up there, and may be declared again.
 */
import { extname, join, relative } from 'node:path';
import { parseFile } from './libdocs.js';
import { ts, type TypeScript } from './typescript.js';

/** Makes any text a module, so that a cell's names are its own. Its length is an offset in every answer. */
export const PREFIX = 'export {};\n';

export interface Checked {
  program: TypeScript.Program;
  checker: TypeScript.TypeChecker;
  /** The cell, behind PREFIX. */
  cell: TypeScript.SourceFile;
  /** Declarations of earlier cells, behind PREFIX. */
  earlier: TypeScript.SourceFile;
}

interface Resolution {
  resolvedModule?: TypeScript.ResolvedModuleFull;
}

interface Read {
  file: TypeScript.SourceFile | undefined;
  /** Modification time of a file of the person's own; absent for a package's, which stays as it is. */
  time?: number;
}

/** Names of a file's top level, once it has been checked. */
export function localsOf(file: TypeScript.SourceFile): ReadonlyMap<string, TypeScript.Symbol> {
  return (
    (file as unknown as { locals?: ReadonlyMap<string, TypeScript.Symbol> }).locals ??
    new Map<string, TypeScript.Symbol>()
  );
}

type Sys = typeof ts.sys;

const slashes = (path: string): string => path.replaceAll('\\', '/');

function options(folder: string): TypeScript.CompilerOptions {
  return {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    newLine: ts.NewLineKind.LineFeed,
    noImplicitUseStrict: true,
    experimentalDecorators: true,
    resolveJsonModule: true,
    jsx: ts.JsxEmit.React,
    // Modules beside the notebook may be JavaScript.
    allowJs: true,
    checkJs: true,
    // tslab's own option: an await at the top is an error with a number that is easy to pass over.
    disableTopLevelAwait: true,
    skipLibCheck: true,
    rootDir: folder,
    outDir: 'outDir'
  };
}

export class Programs {
  private readonly cellName: string;
  private readonly earlierName: string;
  private readonly files = new Map<string, Read>();
  /** Modules that cells define: path to text. */
  private readonly modules = new Map<string, string>();
  private readonly host: TypeScript.CompilerHost;
  private readonly options: TypeScript.CompilerOptions;
  private cell: TypeScript.SourceFile;
  private earlier: TypeScript.SourceFile;
  private last: TypeScript.Program | undefined;

  constructor(private readonly folder: string) {
    this.folder = slashes(folder);
    this.cellName = join(this.folder, '__cell__.ts');
    this.earlierName = join(this.folder, '__earlier__.d.ts');
    this.options = options(this.folder);
    this.host = this.createHost(ts.sys);
    this.cell = parseFile(this.cellName, PREFIX);
    this.earlier = parseFile(this.earlierName, PREFIX);
  }

  /** The program of a cell. Its files belong to it until the next call. */
  check(declarations: string, source: string): Checked {
    if (this.earlier.text !== PREFIX + declarations)
      this.earlier = parseFile(this.earlierName, PREFIX + declarations);
    if (this.cell.text !== PREFIX + source || !this.last)
      this.cell = parseFile(this.cellName, PREFIX + source);
    const stale = this.forgetChanged();
    const rootNames = [this.earlierName, ...this.modules.keys(), this.cellName];
    const known = this.last?.getSourceFile(this.cellName) === this.cell;
    if (!known || stale || this.last?.getSourceFile(this.earlierName) !== this.earlier) {
      this.last = ts.createProgram({
        rootNames,
        options: this.options,
        host: this.host,
        oldProgram: this.last
      });
      this.last.getTypeChecker();
      (this.cell as { parent: TypeScript.Node }).parent = this.earlier;
    }
    const program = this.last!;
    return { program, checker: program.getTypeChecker(), cell: this.cell, earlier: this.earlier };
  }

  /** A module that a cell defines; other cells import it as `./name`. */
  addModule(name: string, source: string, jsx: boolean): TypeScript.SourceFile {
    const path = `${this.folder}/${name}${jsx ? '.tsx' : '.ts'}`;
    this.modules.set(path, PREFIX + source);
    this.files.delete(path);
    return this.check('', '').program.getSourceFile(path)!;
  }

  /** Files of the person's own that `cell` imports, and what these import: compiled along with it. */
  localModules(program: TypeScript.Program, cell: TypeScript.SourceFile): TypeScript.SourceFile[] {
    const found = new Set<TypeScript.SourceFile>();
    const visit = (file: TypeScript.SourceFile): void => {
      const { resolvedModules } = file as unknown as {
        resolvedModules?: { forEach(each: (found: Resolution | undefined) => void): void };
      };
      resolvedModules?.forEach(resolution => {
        const module = resolution?.resolvedModule;
        const next = module && program.getSourceFile(module.resolvedFileName);
        if (!next || found.has(next) || next.isDeclarationFile || !this.isLocal(next.fileName)) return;
        if (extname(next.fileName) === '.json') return;
        found.add(next);
        visit(next);
      });
    };
    visit(cell);
    return [...found];
  }

  /** Whether a cell defined this module; its file has PREFIX in front. */
  isModule(path: string): boolean {
    return this.modules.has(path);
  }

  /** A file as a person calls it: from the notebook's folder. */
  nameOf(path: string): string {
    return relative(this.folder, path);
  }

  /** Whether an earlier cell has the name from an import. */
  isImported(name: string): boolean {
    const symbol = localsOf(this.earlier).get(name);
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  }

  private isLocal(path: string): boolean {
    return !path.includes('/node_modules/');
  }

  /** Files of the person's own may change between two cells. */
  private forgetChanged(): boolean {
    let changed = false;
    for (const [path, read] of this.files) {
      if (read.time === undefined || read.time === timeOf(path)) continue;
      this.files.delete(path);
      changed = true;
    }
    return changed;
  }

  private read(path: string): TypeScript.SourceFile | undefined {
    if (path === this.cellName) return this.cell;
    if (path === this.earlierName) return this.earlier;
    const known = this.files.get(path);
    if (known) return known.file;
    const module = this.modules.get(path);
    const local = module === undefined && this.isLocal(path);
    const time = local ? timeOf(path) : undefined;
    const text = module ?? ts.sys.readFile(path);
    const file = text === undefined ? undefined : parseFile(path, text);
    // What is not there is asked for again.
    if (file) this.files.set(path, { file, ...(local && { time }) });
    return file;
  }

  private createHost(sys: Sys): TypeScript.CompilerHost {
    const own = (path: string): boolean => path === this.cellName || path === this.earlierName;
    const libraries = slashes(join(sys.getExecutingFilePath(), '..'));
    return {
      getSourceFile: path => this.read(path),
      getDefaultLibFileName: () => `${libraries}/lib.d.ts`,
      getDefaultLibLocation: () => libraries,
      writeFile: () => undefined,
      getCurrentDirectory: () => this.folder,
      getCanonicalFileName: path => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: path => own(path) || this.modules.has(path) || sys.fileExists(path),
      readFile: path => this.modules.get(path) ?? sys.readFile(path),
      directoryExists: path => sys.directoryExists(path),
      getDirectories: path => sys.getDirectories(path),
      readDirectory: (path, ...rest) =>
        sys.readDirectory(path, [...(rest[0] ?? [])], rest[1], rest[2], rest[3]),
      realpath: path => sys.realpath?.(path) ?? path,
      // Reading the folders of types takes longer than checking a small cell, and they do not change.
      hasChangedAutomaticTypeDirectiveNames: () => false,
      // A module that was missing may have been written since.
      hasInvalidatedResolutions: path => this.isLocal(path) && !own(path)
    } as TypeScript.CompilerHost;
  }
}

function timeOf(path: string): number | undefined {
  return ts.sys.getModifiedTime?.(path)?.getTime();
}
