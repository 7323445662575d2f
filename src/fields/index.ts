/** Parameters as controls, made from their schemas. */
export { fieldOf, refusalOf, type Field, type FieldOptions } from './field.js';
export { scaleOf, STEPS, type Scale } from './scale.js';
