/** A notebook with saved outputs of every view, made through the kernel's own code, and one that is broken. */
import { bundle } from '../../kernel/views/index.js';
import { MIME } from '../../common/views/index.js';
import { samples } from '../views/samples.js';

/** What a payload from elsewhere might try: nothing of it may reach the page as markup. */
export const ATTACK =
  '<img src=x onerror="window.hysimAttacked = true"><script>window.hysimAttacked = true</script>';

function codeCell(source: string, data: Record<string, unknown>): Record<string, unknown> {
  return {
    cell_type: 'code',
    id: `cell-${source}`,
    metadata: {},
    execution_count: 1,
    source,
    outputs: [{ output_type: 'display_data', metadata: {}, data }]
  };
}

/** The notebook's JSON. Cells: one a kind, in the order of `samples`, then one that cannot be drawn. */
export function viewsNotebook(): string {
  const cells = samples().map(payload => {
    const titled = payload.kind === 'table' ? { ...payload, title: ATTACK } : payload;
    return codeCell(payload.kind, bundle(titled));
  });
  const broken = { kind: 'training', version: 1, title: ATTACK, note: ATTACK, facts: ATTACK };
  const png = (cells[0]!['outputs'] as { data: Record<string, unknown> }[])[0]!.data['image/png'];
  cells.push(codeCell('broken', { [MIME]: broken, 'image/png': png, 'text/plain': 'broken' }));
  return JSON.stringify({
    cells,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    nbformat: 4,
    nbformat_minor: 5
  });
}
