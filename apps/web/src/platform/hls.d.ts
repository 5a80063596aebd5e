/** The build without what we do not use; it has the types of the whole. */
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
