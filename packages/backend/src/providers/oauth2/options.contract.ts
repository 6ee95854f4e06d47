import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CalendarConnectError } from '../../errors.ts';
import type { ConferencingService } from '../provider.ts';

/** A conferencing service by its factory. */
export interface ServiceManifest {
  /** As in the messages: the id. */
  readonly id: string;
  readonly make: (options: { clientId: string; clientSecret: string }) => ConferencingService;
  readonly options: { readonly clientId: string; readonly clientSecret: string };
  /** The file and the name of the factory, to see what it loads. */
  readonly file: URL;
  readonly factory: string;
  /** One of its addresses. Default `token`. */
  readonly endpoint?: string;
}

/** What the manifest of every conferencing service has to be: checked at once, and light. */
export function manifestTests({ id, make, options, file, factory, endpoint = 'token' }: ServiceManifest): void {
  describe(`the options of ${id}`, () => {
    it.each([
      [{ clientId: '' }, 'clientId: expected a string, received an empty string'],
      [{ clientId: 7 }, 'clientId: expected a string, received number'],
      [{ clientSecret: undefined }, 'clientSecret: expected a string, received undefined'],
      [{ clientSecret: 'very-secret\n' }, 'clientSecret: expected a string without white space, received a string with white space'],
      [
        { endpoints: { [endpoint]: 'http://vendor.example' } },
        'expected an https address, or http on a loopback host, received "http://vendor.example',
      ],
      [{ endpoints: { tokens: 'https://x.example' } }, 'endpoints.tokens: expected one of '],
    ])('refused for %j say what is wrong', (change, message) => {
      const wrong = (): unknown => make({ ...options, ...change } as typeof options);
      expect(wrong).toThrow(CalendarConnectError);
      expect(wrong).toThrow(message);
      expect(wrong).toThrow(new RegExp(`^${id}: `));
    });
  });

  describe(`the manifest of ${id}`, () => {
    it('has one mode, names, and a client', () => {
      const service = make(options);
      expect([service.id, Object.keys(service.modes)]).toEqual([id, ['full']]);
      expect(service.modes.full?.requestNames).toContain(service.providerName(NOBODY, 'full'));
      expect(service.client).toEqual(options);
    });

    it('loads each part once', () => {
      const service = make(options);
      expect(service.connect()).toBe(service.connect());
      expect(service.meetings()).toBe(service.meetings());
    });

    it('loads no part before it is used', async () => {
      const script = `
        import { registerHooks } from 'node:module';
        const loaded = [];
        registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
        const { ${factory}: make } = await import(${JSON.stringify(file.href)});
        const service = make(${JSON.stringify(options)});
        const parts = () => loaded.filter((url) => /providers\\/[^/]+\\/(connect|meetings)\\.ts$/.test(url)).length;
        const before = parts();
        await service.connect();
        await service.meetings();
        console.log(JSON.stringify([before, parts() > 1]));`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--conditions=source', '--eval', script]);
      expect(JSON.parse(stdout)).toEqual([0, true]);
    });
  });
}

const NOBODY = { subject: '1', name: 'Nobody', email: undefined, organisation: undefined } as const;
