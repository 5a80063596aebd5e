import { redeemCode } from './people';

const read = (code: string) => redeemCode.input.safeParse({ code });

describe('a sign-in code', () => {
  it.each(['123456', ' 123 456 ', '１２３４５６', '12\u00a03456\n'])('may be typed as %j', (code) => {
    expect(read(code).data).toEqual({ code: '123456' });
  });

  it.each(['', '12345', '1234567', '12345a', '١٢٣٤٥٦', '-12345', '1'.repeat(41)])('is not %j', (code) => {
    expect(read(code).success).toBe(false);
  });
});
