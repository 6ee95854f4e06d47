import { PartnerError } from './partner-error.ts';

/** Tells whether a value from outside has members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the members of an answer by their wire names. */
export interface Members {
  text(name: string): string;
  number(name: string): number;
  optionalText(name: string): string | undefined;
  optionalTexts(name: string): readonly string[] | undefined;
  members(name: string): Members;
  optionalMembers(name: string): Members | undefined;
}

/**
 * Opens an answer for reading.
 *
 * @throws PartnerError `unexpected_answer`, here and from every method, naming the member and never its value
 */
export function membersOf(value: unknown, where = 'the answer'): Members {
  if (!isRecord(value)) throw unexpected(where, 'an object');
  const optional = <T>(name: string, is: (member: unknown) => member is T, expected: string): T | undefined => {
    const member = value[name];
    if (member === undefined || member === null) return undefined;
    if (is(member)) return member;
    throw unexpected(name, expected);
  };
  const required = <T>(name: string, member: T | undefined): T => {
    if (member === undefined) throw unexpected(name, 'to be there');
    return member;
  };
  const members: Members = {
    text: (name) => required(name, members.optionalText(name)),
    number: (name) => required(name, optional(name, isNumber, 'a number')),
    optionalText: (name) => optional(name, isText, 'a text'),
    optionalTexts: (name) => optional(name, isTexts, 'a list of texts'),
    members: (name) => membersOf(value[name], name),
    optionalMembers: (name) => (value[name] === undefined ? undefined : membersOf(value[name], name)),
  };
  return members;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

function unexpected(name: string, expected: string): PartnerError {
  return new PartnerError('unexpected_answer', `${name}: expected ${expected}`);
}
