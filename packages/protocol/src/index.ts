export * from './access-modes.ts';
export * from './error-codes.ts';
export * from './notifications.ts';
export * from './palette.ts';
export * from './popup-messages.ts';
export * from './session-states.ts';
export * from './wire.ts';
export { fill, type AccessModeSentences, type ChoiceSentences, type FailureSentences, type Sentences } from './sentences/sentences.ts';
