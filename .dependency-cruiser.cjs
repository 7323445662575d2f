// The direction of imports, as ARCHITECTURE.md draws it. `npm test` holds to it.

/** The kernel's layers that know only common/. */
const LEAVES = ['onnx', 'pk', 'store', 'views', 'cell'];

/** What a layer of the kernel may import of ours: common/, itself, and these. */
const MAY_IMPORT = {
  ...Object.fromEntries(LEAVES.map(layer => [layer, []])),
  theory: ['wasm'],
  jupyter: ['cell'],
  cli: ['store'],
  engine: ['onnx', 'wasm', 'theory'],
  stages: ['theory', 'wasm', 'onnx', 'engine', 'pk', 'store', 'views']
};

const layers = Object.entries(MAY_IMPORT).map(([layer, below]) => ({
  name: `kernel-${layer}`,
  severity: 'error',
  comment: `kernel/${layer} may import common/${below.map(name => `, kernel/${name}/`).join('')} and nothing else of ours.`,
  from: { path: `^kernel/${layer}/` },
  to: {
    path: '^(common|kernel|src|test|scripts|bench|lib)/',
    pathNot: `^(common/|kernel/(${[layer, ...below].join('|')})/)`
  }
}));

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'kernel-wasm',
      severity: 'error',
      comment: 'kernel/wasm/ imports nothing of ours.',
      from: { path: '^kernel/wasm/' },
      to: { path: '^(common|kernel|src|test|scripts|bench|lib)/', pathNot: '^kernel/wasm/' }
    },
    {
      name: 'common-alone',
      severity: 'error',
      comment: 'common/ serves both sides and imports nothing of ours.',
      from: { path: '^common/' },
      to: { path: '^(kernel|src|test|scripts|bench|lib)/' }
    },
    {
      name: 'src-common-only',
      severity: 'error',
      comment: 'src/ runs in the browser: of ours it may import common/ only.',
      from: { path: '^src/' },
      to: { path: '^(kernel|test|scripts|bench|lib)/' }
    },
    {
      name: 'no-node-in-common-or-src',
      severity: 'error',
      comment: "common/ and src/ run in a browser, where Node's modules are not.",
      from: { path: '^(common|src)/' },
      to: { dependencyTypes: ['core'] }
    },
    {
      name: 'no-jupyterlab-in-common',
      severity: 'error',
      comment: 'common/ also runs in Node, where JupyterLab and the DOM are not.',
      from: { path: '^common/' },
      to: { path: 'node_modules/(@jupyterlab|@lumino|react)/' }
    },
    {
      name: 'front-door-of-a-layer',
      severity: 'error',
      comment: 'A layer is entered through its index.ts; nobody imports past it.',
      // One side door: the kernel's entry asks where the package lies before it opens its sockets, and must not
      // load the TypeScript compiler, which stands behind the front door, for that.
      from: { path: '^kernel/([^/]+)/' },
      to: {
        path: '^kernel/[^/]+/',
        pathNot: ['^kernel/$1/', '^kernel/[^/]+/index\\.ts$', '^kernel/cell/install\\.ts$']
      }
    },
    {
      name: 'front-door-of-a-library',
      severity: 'error',
      comment: 'A library under src/ is entered through its index.ts.',
      from: { path: '^src/([^/]+)' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.tsx?$'] }
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Two files that import each other are one file, or lack a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'An import that leads nowhere.',
      from: {},
      to: { couldNotResolve: true }
    },
    {
      name: 'declared',
      severity: 'error',
      comment: 'What is shipped imports only what package.json lists under dependencies.',
      from: { path: '^(common|kernel|src)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/'
      }
    }
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^lib/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types']
    }
  }
};
