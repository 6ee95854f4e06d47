import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { WindowsDomain } from '../directory/people.ts';
import { negotiateFlagsOf, writeChallenge } from './ntlm-messages.ts';
import type { NtlmHandshake } from './verify-ntlm.ts';

/** Who is logged in on a connection. NTLM logs in connections, not requests. */
export interface NtlmConnections {
  /** Begins a handshake and returns the second message. */
  readonly challenge: (socket: Socket, negotiate: Buffer) => Buffer;
  /** Returns the handshake that was begun on this connection, once. */
  readonly takeHandshake: (socket: Socket) => NtlmHandshake | undefined;
  /** The address of whoever is logged in. */
  readonly personOn: (socket: Socket) => string | undefined;
  readonly logIn: (socket: Socket, email: string) => void;
}

const COMPUTER_NAME = 'EX01';

/** Creates the register of connections. */
export function createNtlmConnections({ netbios, dns }: WindowsDomain, now: () => number): NtlmConnections {
  // Weak, so that a closed connection takes its login with it.
  const handshakes = new WeakMap<Socket, NtlmHandshake>();
  const loggedIn = new WeakMap<Socket, string>();
  return {
    challenge: (socket, negotiate) => {
      const serverChallenge = randomBytes(8);
      const challenge = writeChallenge({
        serverChallenge,
        proposedFlags: negotiateFlagsOf(negotiate),
        computerName: COMPUTER_NAME,
        domainName: netbios,
        dnsDomainName: dns,
        nowMs: now(),
      });
      handshakes.set(socket, { negotiate, challenge, serverChallenge });
      loggedIn.delete(socket);
      return challenge;
    },
    takeHandshake: (socket) => {
      const handshake = handshakes.get(socket);
      handshakes.delete(socket);
      return handshake;
    },
    personOn: (socket) => loggedIn.get(socket),
    logIn: (socket, email) => void loggedIn.set(socket, email),
  };
}
