/** What the kernel says of itself: the content of kernel_info_reply. */
import type { Json } from './wire.js';
import { PROTOCOL_VERSION } from './wire.js';

export interface Versions {
  kernel: string;
  typescript: string;
}

export function kernelInfo(versions: Versions): Json {
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'hysim',
    implementation_version: versions.kernel,
    language_info: {
      name: 'typescript',
      version: versions.typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // `mode` is read by JupyterLab, `name` with `typescript` by the classic notebook.
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
      nbconvert_exporter: 'script'
    },
    banner: `HySim Lab ${versions.kernel}, TypeScript ${versions.typescript}, Node.js ${process.versions.node}`,
    help_links: [{ text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/' }],
    debugger: false,
    supported_features: []
  };
}
