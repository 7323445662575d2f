/** Views in the kernel: a payload becomes a picture, words, or the bundle of both that Jupyter stores. */
export { bundle, renderText } from './bundle.js';
export { PNG_SCALE, PNG_WIDTH, renderPng, type PngOptions } from './png.js';
