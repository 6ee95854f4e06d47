import type { Context } from 'hono';
import type { ExchangeDeps } from './exchange-asmx.ts';

/** `POST /EWS/Exchange.asmx`. What answers, and the XML parser with it, is loaded with the first request: Graph needs neither. */
export function exchangeOnline(deps: ExchangeDeps): (c: Context) => Promise<Response> {
  let loaded: Promise<(c: Context) => Promise<Response>> | undefined;
  return async function answerExchange(c) {
    loaded ??= import('./exchange-asmx.ts').then(({ createExchangeAsmx }) => createExchangeAsmx(deps));
    return (await loaded)(c);
  };
}
