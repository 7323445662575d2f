/** Hands the picture to the person as a PNG file, as it is on screen. */

export function savePicture(canvas: HTMLCanvasElement, name: string): void {
  canvas.toBlob(blob => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    // The browser reads the address after the click has been handled.
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
