import { ErrorBody } from '@parley/contracts/errors';
import {
  listMedia,
  type Media,
  type MediaRefusal,
  UPLOAD_PART,
  uploadsPath,
  type UploadPurpose,
} from '@parley/contracts/media';
import { type DBSchema, openDB } from 'idb';
import {
  DefaultHttpStack,
  type DetailedError,
  type HttpRequest,
  type HttpStack,
  Upload,
} from 'tus-js-client';
import { backoff } from './backoff';
import { type Call, CallError, type CookieJar, noAnswer } from './http';

/** What is sent: a file of the browser, or bytes outside of one. */
export type Source = Blob | Uint8Array;

/** A file on its way, as it is kept until the server has all of it. */
export interface Kept {
  op: string;
  purpose: UploadPurpose;
  name: string;
  /** Where it belongs on the page that sends it, so that it is found again there. */
  tag: string;
  /** The file itself: a phone makes another one each time it is chosen. */
  file: Source;
  url: string | null;
  addedAt: number;
}

/** Where files are kept that are on their way. */
export interface UploadStore {
  all(): Promise<Kept[]>;
  put(kept: Kept): Promise<void>;
  remove(op: string): Promise<void>;
}

/** Outside a browser, and where the browser refuses storage. */
export class MemoryUploads implements UploadStore {
  private readonly kept = new Map<string, Kept>();
  async all() {
    return [...this.kept.values()];
  }
  async put(kept: Kept) {
    this.kept.set(kept.op, kept);
  }
  async remove(op: string) {
    this.kept.delete(op);
  }
}

interface Schema extends DBSchema {
  uploads: { key: string; value: Kept };
}

/** Survives a closed tab. `name` keeps people and communities on one device apart. Memory where storage is refused. */
export async function openUploads(name: string): Promise<UploadStore> {
  try {
    const db = await openDB<Schema>(name, 1, {
      upgrade: (fresh) => void fresh.createObjectStore('uploads', { keyPath: 'op' }),
    });
    return {
      all: async () => (await db.getAll('uploads')).sort((a, b) => a.addedAt - b.addedAt),
      put: async (kept) => void (await db.put('uploads', kept)),
      remove: (op) => db.delete('uploads', op),
    };
  } catch {
    return new MemoryUploads();
  }
}

/**
 * `sending`; `paused` by the person; `offline` until the server can be reached; all there and `checking`, then `preparing`;
 * `ready`. Or `refused` for what it is, or `failed` with an error.
 */
export type SendingState =
  'sending' | 'paused' | 'offline' | 'checking' | 'preparing' | 'ready' | 'refused' | 'failed';

export interface Sending {
  op: string;
  name: string;
  tag: string;
  purpose: UploadPurpose;
  state: SendingState;
  /** Null until the server has given it an id. */
  mediaId: string | null;
  bytes: number;
  sent: number;
  /** 0 to 1, while it is prepared. */
  progress: number;
  refusal: MediaRefusal | null;
  error: CallError | null;
  /** While it is here: to show it before the server does. */
  file: Source | null;
}

interface UploadsOptions {
  communityId: string;
  call: Call;
  store: UploadStore;
  /** Outside a browser: where the server is, and as whom. */
  url?: string;
  jar?: CookieJar;
  /** The address that the server knows itself by, where the line to it has another. */
  origin?: string;
}

/** How often it is asked how far the server is, and how soon for the first time, ms; and for how many at once. */
const LOOK_MS = 700;
const SOON_MS = 100;
const LOOK_MOST = 40;
/** What goes on after a while: the line, a server that is busy, or a part that has to be sent again. */
const passing = new Set([0, 409, 423, 429, 460, 500, 502, 503, 504, 507]);

/** Files on their way: each in parts with their checksums, kept until the server has all of it, gone on with after a reload. */
export class Uploads {
  private readonly sendings = new Map<string, Sending>();
  private readonly running = new Map<string, Upload>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly tries = new Map<string, number>();
  private readonly watchers = new Set<() => void>();
  private looking: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;
  private shown: readonly Sending[] = [];

  constructor(private readonly options: UploadsOptions) {}

  /** The same list until something changes. */
  get list(): readonly Sending[] {
    return this.shown;
  }

  /** Calls back with each change; answers how to stop. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Goes on with what was on its way when the page was left. */
  async resumeAll(): Promise<void> {
    for (const kept of await this.options.store.all()) if (!this.sendings.has(kept.op)) this.begin(kept);
  }

  /** Sends a file; what is kept of it goes on after a reload. */
  async add(
    file: Source,
    { purpose, name, tag = '' }: { purpose: UploadPurpose; name: string; tag?: string },
  ) {
    const kept: Kept = { op: crypto.randomUUID(), purpose, name, tag, file, url: null, addedAt: Date.now() };
    await this.options.store.put(kept).catch(() => undefined);
    this.begin(kept);
    return kept.op;
  }

  pause(op: string) {
    clearTimeout(this.timers.get(op));
    void this.running.get(op)?.abort();
    if (this.isOnItsWay(op)) this.change(op, { state: 'paused' });
  }

  resume(op: string) {
    const state = this.sendings.get(op)?.state;
    if (state !== 'paused' && state !== 'offline' && state !== 'failed') return;
    this.tries.delete(op);
    this.change(op, { state: 'sending', error: null });
    this.running.get(op)?.start();
  }

  /** As when the phone says that it is online again. */
  hurry() {
    for (const { op, state } of this.sendings.values()) if (state === 'offline') this.resume(op);
  }

  /** Takes it back, here and there. */
  async remove(op: string): Promise<void> {
    const upload = this.running.get(op);
    clearTimeout(this.timers.get(op));
    this.sendings.delete(op);
    this.tell();
    await this.options.store.remove(op);
    await upload?.abort();
    const url = upload?.url;
    if (url) await Upload.terminate(url, this.tusOptions()).catch(() => undefined);
    this.running.delete(op);
  }

  /** Takes back a file that was sent before this page was loaded; one that something rests on stays. */
  async removeMedia(mediaId: string): Promise<void> {
    const known = this.shown.find((sending) => sending.mediaId === mediaId);
    if (known) return this.remove(known.op);
    const url = `${this.options.url ?? ''}${uploadsPath.replace(':communityId', this.options.communityId)}/${mediaId}`;
    await Upload.terminate(url, this.tusOptions()).catch(() => undefined);
  }

  /** What was sent under a tag is used now: it is not shown any more, and stays where it is. */
  forget(tag: string) {
    for (const sending of this.sendings.values()) if (sending.tag === tag) this.drop(sending.op);
  }

  /** Settles when it is ready or will not be. */
  done(op: string): Promise<Sending> {
    const isOver = (sending: Sending | undefined) =>
      sending && ['ready', 'refused', 'failed'].includes(sending.state) ? sending : undefined;
    return new Promise((settle) => {
      const look = () => {
        const over = isOver(this.sendings.get(op));
        if (!over) return;
        stop();
        settle(over);
      };
      const stop = this.watch(look);
      look();
    });
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.looking);
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const upload of this.running.values()) void upload.abort();
    this.watchers.clear();
  }

  private isOnItsWay(op: string) {
    const state = this.sendings.get(op)?.state;
    return state === 'sending' || state === 'offline';
  }

  private begin(kept: Kept) {
    const { op, name, tag, purpose, file, url } = kept;
    const bytes = file instanceof Blob ? file.size : file.byteLength;
    this.sendings.set(op, {
      ...{ op, name, tag, purpose, file, bytes, sent: 0, progress: 0 },
      ...{ state: 'sending', mediaId: null, refusal: null, error: null },
    });
    const upload = new Upload(file as File, {
      ...this.tusOptions(),
      endpoint: `${this.options.url ?? ''}${uploadsPath.replace(':communityId', this.options.communityId)}`,
      uploadUrl: url,
      metadata: { name, purpose, op },
      chunkSize: UPLOAD_PART,
      storeFingerprintForResuming: false,
      // Ours, because what goes on and what does not is the server's to say.
      retryDelays: null,
      onUploadUrlAvailable: () => {
        this.change(op, { mediaId: idOf(upload.url) });
        void this.options.store.put({ ...kept, url: upload.url }).catch(() => undefined);
      },
      onProgress: (sent) => {
        this.tries.delete(op);
        this.change(op, { sent, ...(this.isOnItsWay(op) && { state: 'sending' }) });
      },
      onSuccess: () => {
        this.change(op, { sent: bytes, state: 'checking', mediaId: idOf(upload.url) });
        this.lookIn(SOON_MS);
      },
      onError: (error) => this.failed(op, error),
    });
    this.running.set(op, upload);
    this.tell();
    upload.start();
  }

  private tusOptions() {
    const { jar, url = '', origin = url } = this.options;
    return {
      httpStack: new CheckedStack(),
      ...(jar && { headers: { cookie: jar.header(), origin } }),
    };
  }

  private failed(op: string, error: Error | DetailedError) {
    if (!this.isOnItsWay(op)) return;
    const response = 'originalResponse' in error ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
    const body = ErrorBody.safeParse(jsonOf(response?.getBody()));
    const told = body.success ? new CallError(body.data) : noAnswer(error.message);
    if (passing.has(status)) {
      const tries = this.tries.get(op) ?? 0;
      this.tries.set(op, tries + 1);
      if (tries > 0) this.change(op, { state: 'offline', error: status ? told : null });
      const wait = backoff(tries, told.body.retryAfterMs ?? 0);
      this.timers.set(
        op,
        setTimeout(() => this.running.get(op)?.start(), wait),
      );
    } else if (told.code === 'media.refused') this.change(op, { state: 'refused', refusal: 'empty' });
    // Signed out, the file is kept, and goes on once the person is back.
    else this.change(op, { state: told.code === 'auth.required' ? 'paused' : 'failed', error: told });
  }

  /** All bytes of some are there: how far is what is made of them? Asked for all of them at once. */
  private async look(): Promise<void> {
    const made = [...this.sendings.values()].flatMap(({ op, state, mediaId }) =>
      (state === 'checking' || state === 'preparing') && mediaId ? { op, mediaId } : [],
    );
    if (!made.length) return;
    const asked = made.slice(0, LOOK_MOST);
    const { communityId, call, store } = this.options;
    const found = new Map<string, Media>();
    try {
      const ids = asked.map(({ mediaId }) => mediaId).join(',');
      for (const media of (await call(listMedia, { communityId, ids })).media) found.set(media.id, media);
    } catch {
      // Asked again below.
    }
    for (const { op, mediaId } of asked) {
      const media = found.get(mediaId);
      if (!media || media.state === 'receiving' || !this.sendings.has(op)) continue;
      // The server has it whole: it need not be kept here any more.
      await store.remove(op).catch(() => undefined);
      if (media.state === 'ready') this.change(op, { state: 'ready', progress: 1 });
      else if (media.state === 'refused') this.change(op, { state: 'refused', refusal: media.refusal });
      else if (media.state === 'removed' || media.state === 'expired') this.drop(op);
      else
        this.change(op, {
          state: media.state === 'processing' ? 'preparing' : 'checking',
          progress: media.progress,
        });
    }
    this.lookIn(LOOK_MS);
  }

  /** Once for all that wait by then. */
  private lookIn(ms: number) {
    if (this.looking || this.isStopped) return;
    this.looking = setTimeout(() => {
      this.looking = undefined;
      void this.look();
    }, ms);
  }

  private drop(op: string) {
    this.sendings.delete(op);
    this.running.delete(op);
    this.tell();
  }

  private change(op: string, change: Partial<Sending>) {
    const before = this.sendings.get(op);
    if (!before) return;
    this.sendings.set(op, { ...before, ...change });
    this.tell();
  }

  private tell() {
    this.shown = [...this.sendings.values()];
    for (const watcher of [...this.watchers]) watcher();
  }
}

const idOf = (url: string | null) => url?.split('/').at(-1) ?? null;

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** Sends each part with its checksum: what is damaged on the way is not taken. */
class CheckedStack implements HttpStack {
  private readonly inner = new DefaultHttpStack({});

  getName() {
    return 'CheckedStack';
  }

  createRequest(method: string, url: string): HttpRequest {
    const request = this.inner.createRequest(method, url);
    if (method !== 'PATCH') return request;
    const send = request.send.bind(request);
    request.send = async (body: unknown) => {
      const bytes =
        body instanceof Blob ? await body.arrayBuffer() : body instanceof Uint8Array ? body : undefined;
      if (bytes) {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
        request.setHeader('Upload-Checksum', `sha256 ${btoa(String.fromCharCode(...digest))}`);
      }
      return send(body);
    };
    return request;
  }
}
