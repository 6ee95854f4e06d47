import { authenticate, type DirectorySecurity } from '../authentication/authenticate.ts';
import { answerJson } from '../autodiscover/json.ts';
import { answerPox } from '../autodiscover/pox.ts';
import { answerSoap } from '../autodiscover/soap.ts';
import { answerEws } from '../ews/exchange-asmx.ts';
import type { ExchangeParts } from '../parts.ts';
import type { AutodiscoverFormat, ExchangeSite, SiteAnswer, SiteRequest, VirtualDirectory } from './site.ts';

/** Answers as an Exchange server does. Paths are not told apart by their case. */
export async function answerExchange(request: SiteRequest, site: ExchangeSite, parts: ExchangeParts): Promise<SiteAnswer> {
  const answer = await answerPath(request, site, parts);
  return { ...answer, headers: { ...serverHeaders(parts), ...answer.headers } };
}

async function answerPath(request: SiteRequest, site: ExchangeSite, parts: ExchangeParts): Promise<SiteAnswer> {
  // The default of every virtual directory: "This page must be viewed over a secure channel".
  if (!request.secure) return errorPage(403, 'SSL is required to view this resource.');
  const path = request.path.toLowerCase();
  const formats = formatsOf(site, parts);
  if (path === '/ews/exchange.asmx') return answerEws(request, securityOf('ews', site, parts), parts);
  if (path === '/autodiscover/autodiscover.xml' && formats.includes('pox')) return answerWhoLogsIn(request, site, parts);
  if (path === '/autodiscover/autodiscover.svc' && formats.includes('soap')) return answerWhoLogsIn(request, site, parts);
  if (/^\/autodiscover\/autodiscover\.json(\/|$)/.test(path) && formats.includes('json')) return answerJson(request, parts);
  if (path === '/') return { status: 302, headers: { Location: `https://${request.headers.host}/owa/` } };
  if (path === '/owa/auth/logon.aspx') return logonPage();
  if (/^\/(owa|ecp)(\/|$)/.test(path)) {
    const back = encodeURIComponent(`https://${request.headers.host}${request.path}`);
    return { status: 302, headers: { Location: `https://${request.headers.host}/owa/auth/logon.aspx?url=${back}&reason=0` } };
  }
  return errorPage(404, 'File or directory not found.');
}

function answerWhoLogsIn(request: SiteRequest, site: ExchangeSite, parts: ExchangeParts): SiteAnswer {
  const caller = authenticate(request, securityOf('autodiscover', site, parts), parts);
  // By these a client learns, of a 401 too, that there is the SOAP form.
  const hints = formatsOf(site, parts).includes('soap') ? { 'X-SOAP-Enabled': 'True', 'X-WSSecurity-Enabled': 'True' } : {};
  if ('refusal' in caller) return { ...caller.refusal, headers: { ...hints, ...caller.refusal.headers } };
  request.note.person = caller.person.email;
  const answer = request.path.toLowerCase().endsWith('.svc') ? answerSoap(request, parts) : answerPox(request, parts);
  return { ...answer, headers: { ...hints, ...caller.headers, ...answer.headers } };
}

function securityOf(directory: VirtualDirectory, site: ExchangeSite, { protectsEws }: ExchangeParts): DirectorySecurity {
  const usual = { ews: ['negotiate', 'ntlm'], autodiscover: ['negotiate', 'ntlm', 'basic'] } as const;
  return {
    schemes: site.authentication?.[directory] ?? usual[directory],
    protection: site.extendedProtection?.[directory] ?? (directory === 'ews' && protectsEws ? 'allow' : 'none'),
  };
}

function formatsOf(site: ExchangeSite, { personality }: ExchangeParts): readonly AutodiscoverFormat[] {
  return (site.autodiscover ?? ['json', 'soap', 'pox']).filter(
    (format) =>
      format === 'pox' || (format === 'soap' && personality.hasSoapAutodiscover) || (format === 'json' && personality.hasJsonAutodiscover),
  );
}

function serverHeaders({ personality }: ExchangeParts): Readonly<Record<string, string>> {
  return { Server: personality.iis, 'X-Powered-By': 'ASP.NET', ...(personality.hasJsonAutodiscover ? { 'X-FEServer': 'EX01' } : {}) };
}

/** Where people log in to Outlook on the web. A client that follows there has the wrong address. */
function logonPage(): SiteAnswer {
  const form =
    '<form action="/owa/auth.owa" method="POST"><input name="username"><input name="password" type="password"><input type="submit"></form>';
  return htmlAnswer(200, `<!DOCTYPE html><html><head><title>Outlook</title></head><body>${form}</body></html>`);
}

function errorPage(status: number, text: string): SiteAnswer {
  return htmlAnswer(status, `<!DOCTYPE html><html><head><title>${status}</title></head><body><h2>${status} - ${text}</h2></body></html>`);
}

function htmlAnswer(status: number, body: string): SiteAnswer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}
