/** What is wrong with a server's challenge. Stable. */
export const CHALLENGE_FAULTS = [
  'not_base64',
  'too_long',
  'truncated',
  'wrong_signature',
  'wrong_type',
  'field_outside',
  'fields_overlap',
  'not_unicode',
  'no_extended_security',
  'no_target_information',
  'pairs_broken',
  'pair_repeated',
] as const;

/** One of {@link CHALLENGE_FAULTS}. */
export type ChallengeFault = (typeof CHALLENGE_FAULTS)[number];

/** A server's challenge that is none, or asks for something that is not safe. Nothing was answered to it. */
export class NtlmChallengeError extends Error {
  readonly code = 'ntlm_challenge_invalid';
  readonly fault: ChallengeFault;

  constructor(fault: ChallengeFault) {
    super(`the server's NTLM challenge cannot be answered: ${fault}`);
    this.name = 'NtlmChallengeError';
    this.fault = fault;
  }
}
