/**
 * The tab that shows the dataflow of the notebook in front. A shell alone: what it shows is loaded when it is first
 * shown, so that a JupyterLab in which nobody opens it starts no slower.
 */
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { currentTheme, onThemeChange } from '../views/index.js';
import type { GraphController } from './panel/controller.js';
import type { IDataflow } from './tokens.js';

export class DataflowPanel extends Widget {
  private readonly root = document.createElement('div');
  private unmount: (() => void) | undefined;
  private asked = false;
  private followed: IDataflow | undefined;

  constructor(private readonly controller: GraphController) {
    super();
    this.addClass('hs-Dataflow');
    this.root.className = 'hs-Dataflow-root';
    this.node.append(this.root);
    this.title.caption = 'The cells of the notebook in front, and what they read from each other';
    controller.flows.currentChanged.connect(this.follow, this);
    this.follow();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this.controller.flows.currentChanged.disconnect(this.follow, this);
    this.followed?.panel.title.changed.disconnect(this.name, this);
    this.unmount?.();
    this.unmount = undefined;
    super.dispose();
  }

  protected override onAfterShow(_message: Message): void {
    void this.load();
  }

  protected override onAfterAttach(_message: Message): void {
    if (this.isVisible) void this.load();
  }

  protected override onActivateRequest(_message: Message): void {
    this.controller.view?.focus();
  }

  private async load(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    try {
      const { mount } = await import('./panel/root.js');
      if (this.isDisposed) return;
      this.unmount = mount(this.root, {
        controller: this.controller,
        theme: () => currentTheme(this.node),
        onTheme: onThemeChange
      });
    } catch (error) {
      this.asked = false;
      this.root.textContent = `The graph could not be loaded: ${error instanceof Error ? error.message : String(error)}. Close this tab and open it again.`;
    }
  }

  private follow(): void {
    this.followed?.panel.title.changed.disconnect(this.name, this);
    this.followed = this.controller.flow;
    this.followed?.panel.title.changed.connect(this.name, this);
    this.name();
  }

  private name(): void {
    const label = this.followed?.panel.title.label.replace(/\.ipynb$/, '');
    this.title.label = label === undefined ? 'Dataflow' : `Dataflow: ${label}`;
  }
}
