import { createHook } from 'node:async_hooks';
import { writeFileSync } from 'node:fs';
import { startTestServer } from '../test/server';
const live = new Map<number, string>();
it('x', async () => {
  const hook = createHook({ init(id, type, _t, res: any) { if (['Timeout','TCPWRAP','PIPEWRAP','TCPSERVERWRAP','MESSAGEPORT','WORKER','FSREQPROMISE'].includes(type)) live.set(id, type + ' ' + (res?._idleTimeout ?? '') + ' ' + (new Error().stack ?? '').split('\n').slice(2, 9).join('|')); if (type==='Timeout') (live as any)[id]=res; }, destroy(id) { live.delete(id); } }).enable();
  const server = await startTestServer({});
  await server.stop();
  await new Promise((d) => setTimeout(d, 300));
  hook.disable();
  const out = [...live].map(([id, s]) => { const r = (live as any)[id]; return (r ? `ref=${r.hasRef?.()} destroyed=${r._destroyed} ` : '') + s; }).filter((s) => !/destroyed=true/.test(s));
  writeFileSync('/tmp/leak.txt', process.getActiveResourcesInfo().join(',') + '\n' + out.join('\n'));
});
