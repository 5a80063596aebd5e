/** The S3 server of the tests. */
declare module 's3rver' {
  export default class S3rver {
    constructor(options: object);
    configureBuckets(): Promise<unknown>;
    getMiddleware(): (request: unknown, response: unknown) => void;
  }
}
