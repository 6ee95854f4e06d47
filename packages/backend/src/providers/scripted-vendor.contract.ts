import { createOutbound, type Outbound } from '../outbound/outbound.ts';

/** What a test answers at one path. */
export type Script = (request: Request) => Response | Promise<Response>;

/** What was asked of the scripted vendor. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly form: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly text: string;
}

/** A door behind which a vendor at `root` answers by path what a test wrote; every other address is a page that does not exist. */
export function scriptedDoor(vendor: { root: string; script: Record<string, Script>; timeoutMs: number }): {
  outbound: Outbound;
  asked: Asked[];
} {
  const asked: Asked[] = [];
  const answer = async (url: URL, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const text = await request.clone().text();
    const form = Object.fromEntries(new URLSearchParams(text));
    asked.push({ method: request.method, url, headers: request.headers, form, text });
    return (
      (url.origin === vendor.root ? vendor.script[url.pathname]?.(request) : undefined) ?? new Response('no such page', { status: 404 })
    );
  };
  return { outbound: createOutbound({ fetch: answer, timeoutMs: vendor.timeoutMs }), asked };
}
