import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAuthority, createCertificate, serveHttp, serveHttps, serveProxy } from './servers.contract.ts';

const run = promisify(execFile);
const GUARDED = new URL('./guarded-outbound.ts', import.meta.url).href;
const OUTBOUND = new URL('./outbound.ts', import.meta.url).href;

const authority = await createAuthority();
const certificate = await createCertificate({ addresses: ['127.0.0.1'], by: authority });

/** Lets a process with this environment ask for an address by one of the doors, and gives what it was told. */
async function toldTo(environment: Record<string, string>, script: string): Promise<string> {
  const { stdout } = await run(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  return stdout.trim();
}

const guardedAsks = (port: number, address: string): string => `
  import { createGuardedOutbound } from '${GUARDED}';
  const door = createGuardedOutbound({ allow: ['127.0.0.2'], ports: [${port}] });
  console.log(await door.fetch('${address}').then((r) => r.status, (e) => e.code + ' ' + e.reason));`;

describe('the environment', () => {
  it('sends nothing through a proxy that only it names, at neither door (I13)', async () => {
    const proxy = await serveProxy({ status: () => 200 });
    const plain = await serveHttp((_, response) => response.end());
    const at = `http://127.0.0.1:${proxy.port}`;
    const environment = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: at, HTTP_PROXY: at, ALL_PROXY: at, https_proxy: at, http_proxy: at };
    expect(await toldTo(environment, guardedAsks(443, 'https://10.0.0.1/'))).toBe('forbidden_address address');
    expect(await toldTo(environment, guardedAsks(plain.port, `https://127.0.0.2:${plain.port}/`))).toMatch(/^unreachable/);
    const script = `
      import { createOutbound } from '${OUTBOUND}';
      console.log((await createOutbound().fetch('http://127.0.0.1:${plain.port}/')).status);`;
    expect(await toldTo(environment, script)).toBe('200');
    expect([proxy.connections(), plain.connections()]).toEqual([0, 1]);
  });

  it('does not switch the verification of certificates off (I09)', async () => {
    const { port } = await serveHttps(certificate, (_, response) => response.end());
    const script = `
      import { createOutbound } from '${OUTBOUND}';
      console.log(await createOutbound().fetch('https://127.0.0.1:${port}/').then((r) => r.status, (e) => e.code + ' ' + e.reason));`;
    expect(await toldTo({ NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' }, script)).toBe('untrusted_certificate unknown_ca');
  });

  it('does not make the parser lenient (K03)', async () => {
    const { port } = await serveHttp((_, response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n');
    });
    const script = `
      import { createOutbound } from '${OUTBOUND}';
      console.log(await createOutbound().fetch('http://127.0.0.1:${port}/').then((r) => r.status, (e) => e.code + ' ' + e.reason));`;
    expect(await toldTo({ NODE_OPTIONS: '--insecure-http-parser', NODE_NO_WARNINGS: '1' }, script)).toMatch(/^unreachable HPE_/);
  });
});
