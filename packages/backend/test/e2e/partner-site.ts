import type { Site } from './sites.ts';

/** What a page of the partner's consists of. */
export interface PageSetup {
  readonly headers?: Readonly<Record<string, string>>;
  /** What stands in the body; the element by itself where absent. */
  readonly body?: string;
  /** A script of the page's own, served as a file: the strict policy allows no other. */
  readonly script?: string;
}

/** The partner's web site. */
export interface PartnerSite {
  readonly origin: string;
  /** The element's tag, with more attributes where a test needs them. */
  element(attributes?: string): string;
  /** Puts a page at a path of its own, and answers with its address. */
  show(setup?: PageSetup): string;
}

/**
 * The strictest policy under which the element has to work.
 *
 * `script-src` and `connect-src` name the backend because the element comes from there and speaks to it, `form-action` because a form
 * opens the popup.
 */
export function strictPolicy(backend: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${backend}`,
    "style-src 'self'",
    `connect-src ${backend}`,
    `form-action 'self' ${backend}`,
    "require-trusted-types-for 'script'",
  ].join('; ');
}

export function openPartnerSite(site: Site, { backend, clientId }: { backend: string; clientId: string }): PartnerSite {
  const pages = new Map<string, PageSetup>();
  const element: PartnerSite['element'] = (attributes = '') =>
    `<calendar-connect client-id="${clientId}" ${attributes}></calendar-connect>`;
  site.answerWith((request) => {
    const { pathname } = new URL(request.url);
    const [, name = '', file] = pathname.split('/');
    const page = pages.get(name);
    if (name === 'callback') return new Response('Back at the partner.', { headers: { 'content-type': 'text/plain' } });
    if (name === 'favicon.ico') return new Response(null, { status: 204 });
    if (page === undefined) return new Response('Not found', { status: 404 });
    if (file === 'script.js') return new Response(page.script ?? '', { headers: { 'content-type': 'text/javascript' } });
    const markup = documentOf({ backend, script: page.script && `/${name}/script.js`, body: page.body ?? element() });
    return new Response(markup, { headers: { 'content-type': 'text/html; charset=utf-8', ...page.headers } });
  });
  return {
    origin: site.origin,
    element,
    show: (setup = {}) => {
      const name = `page-${pages.size + 1}`;
      pages.set(name, setup);
      return `${site.origin}/${name}`;
    },
  };
}

function documentOf(page: { backend: string; script: string | undefined; body: string }): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Acme Scheduler</title>
    <script type="module" src="${page.backend}/calendar-connect.js"></script>
    ${page.script === undefined ? '' : `<script type="module" src="${page.script}"></script>`}
  </head>
  <body><main><h1>Acme Scheduler</h1>${page.body}</main></body>
</html>`;
}
