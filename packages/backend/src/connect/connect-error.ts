import type { ConnectErrorCode } from '@calendar-connect/protocol';

/** A refusal by the connect endpoints. `message` goes to the developer: which field, what was expected, what to do. */
export class ConnectError extends Error {
  readonly code: ConnectErrorCode;

  constructor(code: ConnectErrorCode, message: string) {
    super(message);
    this.name = 'ConnectError';
    this.code = code;
  }
}
