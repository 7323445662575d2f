/** A node's view in the size of a stamp, drawn again when the picture or JupyterLab's theme changes. */
import { useLayoutEffect, useRef, type ReactElement } from 'react';
import { drawThumbnail, type Theme, type ViewPayload } from '../../../common/views/index.js';

const WIDTH = 48;
const HEIGHT = 35;

export interface ThumbnailProps {
  readonly payload: ViewPayload;
  readonly theme: Theme;
  readonly outdated: boolean;
}

export function Thumbnail({ payload, theme, outdated }: ThumbnailProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const node = canvas.current;
    const context = node?.getContext('2d');
    if (!node || !context) return;
    // Sharp up to twice its size: the graph is zoomed.
    const pixelRatio = 2 * Math.max(1, Math.round(window.devicePixelRatio));
    node.width = WIDTH * pixelRatio;
    node.height = HEIGHT * pixelRatio;
    context.clearRect(0, 0, node.width, node.height);
    drawThumbnail(context, payload, { width: WIDTH, height: HEIGHT, theme, pixelRatio });
  }, [payload, theme]);
  return (
    <canvas
      ref={canvas}
      className={outdated ? 'hs-Node-thumbnail hs-mod-outdated' : 'hs-Node-thumbnail'}
      style={{ width: WIDTH, height: HEIGHT }}
      data-hs-kind={payload.kind}
      aria-hidden
    />
  );
}
