// All that an app can have.
export * from '../dist/index.js';
export * from '../dist/react.js';
