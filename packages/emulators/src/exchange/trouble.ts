import type { ExchangeFault } from './faults.ts';
import type { SiteAnswer, SiteRequest } from './sites/site.ts';

/** Makes the trouble that a fault says, and returns the answer that it has; `undefined` where the request goes on, later. */
export async function applyFault(fault: ExchangeFault, { socket }: SiteRequest): Promise<SiteAnswer | undefined> {
  if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault.drop === true) {
    socket.destroy();
    return { status: 503 };
  }
  if (fault.status === undefined && fault.body === undefined) return undefined;
  const type = fault.body === undefined ? {} : { 'Content-Type': fault.contentType ?? 'text/xml; charset=utf-8' };
  return { status: fault.status ?? 200, headers: { ...type, ...fault.headers }, ...(fault.body === undefined ? {} : { body: fault.body }) };
}
