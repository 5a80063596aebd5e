import type { Socket } from 'socket.io';
import type { Member } from './doors';
import { Seat } from './seat';

/** A seat on a connection whose reader has left so many bytes waiting. */
function seatWith({ waiting = 0, held = [] as string[] } = {}) {
  const done: string[] = [];
  const tcp = { writableLength: waiting, write: () => done.push('written'), destroy: () => done.push('cut') };
  const conn = {
    readyState: 'open',
    transport: { socket: { readyState: 1, _socket: tcp } },
    writeBuffer: held.map((data) => ({ data })),
    send: () => done.push('queued'),
  };
  const socket = { conn, disconnect: () => done.push('cut off') };
  return { seat: new Seat(socket as unknown as Socket, {} as Member), done, conn, tcp };
}
const event = { frame: Buffer.from('x'), text: 'x' };

describe('messages', () => {
  it('are forty at once, then twenty a second', () => {
    const { seat } = seatWith();
    const now = performance.now();
    const burst = Array.from({ length: 41 }, () => seat.charge(now));
    expect(burst.slice(0, 40)).toEqual(Array(40).fill(0));
    expect(burst[40]).toBe(50);
    // The time that was named is the time to wait.
    expect(seat.charge(now + 49)).toBeGreaterThan(0);
    expect(seat.charge(now + 50.1)).toBe(0);
    const tenSeconds = Array.from({ length: 400 }, (_, at) => seat.charge(now + 51 + at * 25));
    expect(tenSeconds.filter((wait) => !wait).length / 10).toBeCloseTo(20, 0);
  });

  it('do not gather beyond the burst', () => {
    const { seat } = seatWith();
    const now = performance.now() + 3_600_000;
    expect(Array.from({ length: 60 }, () => seat.charge(now)).filter((wait) => !wait)).toHaveLength(40);
  });

  it('that were refused five hundred times cut off, not before', () => {
    const { seat, done } = seatWith();
    const now = performance.now();
    for (let n = 0; n < 539; n += 1) seat.charge(now);
    expect(done).toEqual([]);
    seat.charge(now);
    expect(done).toEqual(['cut off']);
  });
});

describe('an event', () => {
  it('is written at once to a reader who keeps up', () => {
    const { seat, done } = seatWith({ waiting: 1_000 });
    expect([seat.push(event), done]).toEqual([true, ['written']]);
  });

  it('stands in line behind what is held back', () => {
    const { seat, done } = seatWith({ held: ['an answer'] });
    expect([seat.push(event), done]).toEqual([true, ['queued']]);
  });

  it.each([
    ['on the line', { waiting: 300_000 }],
    ['held back', { held: ['x'.repeat(300_000)] }],
    ['in both places', { waiting: 200_000, held: ['x'.repeat(100_000)] }],
  ])('is not written while too much waits %s', (_, state) => {
    const { seat, done } = seatWith(state);
    expect([seat.push(event), done]).toEqual([false, []]);
  });

  it('is not written to who is gone', () => {
    const { seat, conn, done } = seatWith();
    conn.readyState = 'closing';
    expect([seat.push(event), done]).toEqual([false, []]);
  });
});

it('who asks on without reading a megabyte of answers is cut', () => {
  const { seat, done } = seatWith({ held: ['x'.repeat(1_100_000)] });
  seat.charge();
  expect(done).toEqual(['cut']);
});
