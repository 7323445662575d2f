/** A plain button of a view's tools. What it does is whoever makes it's to say. */

export function viewButton(text: string, title: string, act: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'hs-View-button';
  button.textContent = text;
  button.title = title;
  button.addEventListener('click', act);
  return button;
}
