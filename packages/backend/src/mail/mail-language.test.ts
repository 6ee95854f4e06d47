import { describe, expect, it } from 'vitest';
import { mailLocale } from './mail-language.ts';

describe('the language of a mail', () => {
  it.each([
    ['de', 'de', 'de'],
    ['de-AT', 'de', 'de-AT'],
    ['de_DE', 'de', 'de-DE'],
    ['PT-br', 'pt', 'pt-BR'],
    ['en-GB-u-nu-arab', 'en', 'en-GB'],
    ['fr-Latn-CA', 'fr', 'fr-Latn-CA'],
    ['ja', 'en', 'en'],
    ['', 'en', 'en'],
    ['no tag', 'en', 'en'],
    [undefined, 'en', 'en'],
  ])('for %j is %s, with dates as in %s', (tag, language, dates) => expect(mailLocale(tag)).toEqual({ language, tag: dates }));
});
