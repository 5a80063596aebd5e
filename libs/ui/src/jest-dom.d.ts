import type { TestingLibraryMatchers } from '@testing-library/jest-dom/matchers';

/** The package's own types are made for an older Jest, whose matchers had one type parameter. */
declare module '@jest/expect' {
  // An interface, because only those can be merged.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface Matchers<R extends void | Promise<void>, T> extends TestingLibraryMatchers<T, R> {}
}
