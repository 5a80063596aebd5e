import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { MemoryUploads, Uploads } from '@parley/client/upload';
import sharp from 'sharp';
import { Demo } from './demo';
import { type OwnServer, withOwnServer } from './own-server';
import { signIn, type SignedIn } from './person';
import { inParallel, pause, Problem, say } from './problem';

interface Options {
  megabytes: number;
  cuts: number;
  /** Of the line, megabytes a second. */
  rate: number;
  /** At once, while the server's memory is watched. */
  at: number;
  /** How many pictures are made for the comparison. */
  pictures: number;
  interrupted: Promise<void>;
}

const MB = 1024 ** 2;

/**
 * One large file over a thin line that is cut again and again: what is sent twice. Several at once: what the server's
 * memory does. And pictures: what the house costs beside the image library by itself.
 */
export function uploads(options: Options) {
  return withOwnServer({}, options.interrupted, async (server) => {
    const demo = await Demo.open(server.url, 'halden');
    const line = await overALine(server, demo, options);
    const memory = await together(server, demo, options);
    const pictures = await made(server, demo, options);
    return {
      ok: line.resentShare <= 0.05 && (pictures.ratioToLibrary ?? 1) >= 0.8,
      ...line,
      ...memory,
      ...pictures,
    };
  });
}

async function sender(server: OwnServer, demo: Demo, place: number): Promise<SignedIn> {
  const people = await demo.crowd(place + 1);
  return signIn(server.url, people[place]!.personId);
}

const uploadsOf = (server: OwnServer, { communityId }: Demo, { call, jar }: SignedIn, url = server.url) =>
  new Uploads({ communityId, call, jar, url, origin: server.url, store: new MemoryUploads() });

async function overALine(server: OwnServer, demo: Demo, { megabytes, cuts, rate }: Options) {
  const line = new Line(server.url, rate * MB);
  const who = await sender(server, demo, 0);
  const one = uploadsOf(server, demo, who, await line.open());
  const bytes = filmLike(megabytes * MB);
  let cut = 0;
  const stop = one.watch(() => {
    const { sent = 0 } = one.list[0] ?? {};
    if (cut < cuts && sent > ((cut + Math.random() * 0.9) / cuts) * bytes.length) {
      cut += 1;
      // Anywhere in the part that is on its way.
      setTimeout(() => line.cut(), (Math.random() / rate) * 1_000);
      say(`Cut at ${Math.round(sent / MB)} MB`);
    }
  });
  const op = await one.add(bytes, { purpose: 'submission', name: 'large.mp4' });
  await sentWhole(one, op);
  stop();
  const [sending] = one.list;
  await one.remove(op);
  one.stop();
  line.close();
  if (!sending) throw new Problem('The large file is gone.');
  const resentShare = round(line.sent / bytes.length - 1);
  say(`${megabytes} MB, ${cut} cuts: ${Math.round(line.sent / MB)} MB went over the line`);
  return { bytes: bytes.length, sent: line.sent, cuts: cut, resentShare };
}

/** Settles when the server has all of it; what it is made into is another matter. */
async function sentWhole(one: Uploads, op: string) {
  for (;;) {
    const sending = one.list.find((each) => each.op === op);
    if (!sending || sending.state === 'failed')
      throw new Problem(`The upload failed: ${sending?.error?.message}`);
    if (['checking', 'preparing', 'ready', 'refused'].includes(sending.state)) return;
    await pause(200);
  }
}

async function together(server: OwnServer, demo: Demo, { megabytes, at }: Options) {
  const bytes = filmLike(megabytes * MB);
  const before = family(server.pid).memory;
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, family(server.pid).memory)), 200);
  await inParallel(Array.from({ length: at }), at, async (_, place) => {
    const one = uploadsOf(server, demo, await sender(server, demo, place + 1));
    const op = await one.add(bytes, { purpose: 'submission', name: 'large.mp4' });
    await sentWhole(one, op);
    await one.remove(op);
    one.stop();
  });
  clearInterval(watch);
  say(
    `${at} at once: the server's memory ${Math.round(before / MB)} MB before, ${Math.round(most / MB)} MB at most`,
  );
  return { memoryBefore: Math.round(before / MB), memoryMost: Math.round(most / MB) };
}

/** Bytes that nobody takes for a picture or a film: they are refused once they are there. */
function filmLike(size: number): Buffer {
  const block = randomBytes(MB);
  return Buffer.concat(
    Array.from({ length: Math.ceil(size / MB) }, () => block),
    size,
  );
}

async function made(server: OwnServer, demo: Demo, { pictures }: Options) {
  if (!pictures) return { picturesPerCpuSecond: null, ratioToLibrary: null };
  const photo = await photoLike();
  const rates: Record<'house' | 'library', number[]> = { house: [], library: [] };
  for (let turn = 0; turn < 3; turn += 1) {
    const one = uploadsOf(server, demo, await sender(server, demo, 20 + turn));
    await settled(server);
    const cpu = family(server.pid).cpu;
    await inParallel(Array.from({ length: pictures }), 4, async () => {
      const sending = await one.done(await one.add(photo, { purpose: 'submission', name: 'photo.jpg' }));
      if (sending.state !== 'ready') throw new Problem(`A picture was ${sending.state}.`);
    });
    rates.house.push(pictures / (family(server.pid).cpu - cpu));
    one.stop();
    rates.library.push(await byTheLibrary(photo, pictures));
  }
  const [house, library] = [median(rates.house), median(rates.library)];
  say(`Pictures per CPU second: ${round(house)}, by the library alone ${round(library)}`);
  return { picturesPerCpuSecond: round(house), ratioToLibrary: round(house / library) };
}

/** The same sizes by the same library, and nothing else. */
async function byTheLibrary(photo: Buffer, pictures: number): Promise<number> {
  sharp.cache(false);
  sharp.concurrency(1);
  const before = process.cpuUsage();
  for (let n = 0; n < pictures; n += 1) {
    const { data, info } = await sharp(photo)
      .autoOrient()
      .resize({ width: 1_920, withoutEnlargement: true })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    for (const width of [320, 960, 1_920])
      await sharp(data, { raw }).resize({ width }).webp({ quality: 80, effort: 2 }).toBuffer();
  }
  const { user, system } = process.cpuUsage(before);
  return pictures / ((user + system) / 1e6);
}

/** A photo of twelve megapixels, as a phone makes them. */
async function photoLike(): Promise<Buffer> {
  const [width, height] = [4_000, 3_000];
  const noise = await sharp({
    create: {
      width: width / 8,
      height: height / 8,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  return sharp(noise).resize(width, height, { kernel: 'cubic' }).jpeg({ quality: 88 }).toBuffer();
}

/** Waits until the server has done what it does in the background. */
async function settled(server: OwnServer) {
  for (let last = -1; ; await pause(700)) {
    const now = family(server.pid).cpu;
    if (last >= 0 && now - last < 0.07) return;
    last = now;
  }
}

/** A line of so many bytes a second that can be cut. */
class Line {
  /** Bytes that went towards the server. */
  sent = 0;
  private readonly sockets = new Set<Socket>();
  private free = 0;
  private readonly timer: NodeJS.Timeout;
  private waiting: (() => void)[] = [];
  private readonly server = createServer((client) => {
    const { hostname, port } = new URL(this.target);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.on('data', (bytes: Buffer) => client.write(bytes));
    client.on('data', (bytes: Buffer) => {
      this.sent += bytes.length;
      this.free -= bytes.length;
      upstream.write(bytes);
      if (this.free > 0) return;
      client.pause();
      this.waiting.push(() => client.resume());
    });
  });

  constructor(
    private readonly target: string,
    perSecond: number,
  ) {
    this.timer = setInterval(() => {
      this.free = Math.min(this.free + perSecond / 20, perSecond / 10);
      if (this.free > 0) for (const go of this.waiting.splice(0)) go();
    }, 50);
  }

  async open() {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    clearInterval(this.timer);
    this.cut();
    this.server.close();
  }
}

/** A process with all that it started, and what these cost so far. */
export function family(pid: number): { cpu: number; memory: number } {
  const total = { cpu: 0, memory: 0 };
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  const isOurs = (one: number): boolean =>
    one === pid || (parents.has(one) && one > 1 && isOurs(parents.get(one)!));
  for (const one of parents.keys()) {
    if (!isOurs(one)) continue;
    try {
      const stat = readFileSync(`/proc/${one}/stat`, 'latin1');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      // User and system time, of those that have ended as well; the kernel counts hundredths.
      total.cpu += (fields[11]! + fields[12]! + fields[13]! + fields[14]!) / 100;
      if (one === pid)
        total.memory = Number(readFileSync(`/proc/${one}/statm`, 'latin1').split(' ')[1]) * 4_096;
    } catch {
      // It has ended meanwhile.
    }
  }
  return total;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const round = (value: number) => Math.round(value * 1_000) / 1_000;
