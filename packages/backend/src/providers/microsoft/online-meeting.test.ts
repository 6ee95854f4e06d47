import { describe, expect, it } from 'vitest';
import { withoutJoinText, withTextAboveJoin } from './online-meeting.ts';

const RULE = '_'.repeat(80);
/** How to join, as Outlook writes it: shortened, and not to the letter. */
const JOIN_HTML =
  `<div style="width:100%"><span style="white-space:nowrap; opacity:.36">${RULE}</span></div>\r\n` +
  '<div class="me-email-text"><a class="me-email-headline" href="https://teams.microsoft.com/l/meetup-join/1">Join the meeting now</a></div>\r\n' +
  `<div style="width:100%"><span>${RULE}</span></div>\r\n</body>\r\n</html>\r\n`;
const HEAD = '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>';

describe('a text above how to join', () => {
  it.each([
    ['nothing', ''],
    ['a line', 'Bring it.\r\n<br>\r\n'],
    ['elements', '<div class="elementToProof">Bring <b>it</b>.</div>\r\n<br>\r\n'],
    ['a text of ours', '<div>Bring it.</div>\r\n<br>\r\n'],
  ])('takes the place of %s', (_, above) => {
    expect(withTextAboveJoin(HEAD + above + JOIN_HTML, 'One & <two>\nthree')).toBe(
      `${HEAD}<div>One &amp; &lt;two&gt;<br>\r\nthree</div>\r\n<br>\r\n${JOIN_HTML}`,
    );
  });

  it('is the same however often it is written', () => {
    const once = withTextAboveJoin(HEAD + JOIN_HTML, 'One.');
    expect(withTextAboveJoin(withTextAboveJoin(once, 'Two.'), 'One.')).toBe(once);
    expect(withTextAboveJoin(once, '')).toBe(HEAD + JOIN_HTML);
  });

  it('is added where it cannot be told where joining begins, and nothing goes', () => {
    const strange = '<p>Bring it.</p><a href="https://teams.microsoft.com/l/meetup-join/1">Join</a>';
    expect(withTextAboveJoin(strange, 'One.')).toBe(`<div>One.</div>\r\n<br>\r\n${strange}`);
  });

  it('is found in a body without end in good time', () => {
    const startedAt = performance.now();
    withTextAboveJoin(`<body>${'<div> '.repeat(200_000)}${RULE}`, 'One.');
    withTextAboveJoin(`<body>${'<'.repeat(200_000)}${RULE}`, 'One.');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('a text without how to join', () => {
  it.each([
    [`Bring it.\r\n\r\n${RULE}\r\nMicrosoft Teams meeting\r\nJoin: https://teams.microsoft.com/1\r\n${RULE}`, 'Bring it.'],
    [`${RULE}\r\nMicrosoft Teams meeting\r\n${RULE}\r\n`, ''],
    [`Bring it.\r\n${RULE}\r\nMicrosoft Teams\r\n${RULE}\r\nAnd more.`, 'Bring it.\n\nAnd more.'],
    [`Bring it.\n${'_'.repeat(32)}\nJoin: https://teams.microsoft.com/1_2`, 'Bring it.'],
    [`Bring it.\n${RULE}\nJoin\n${'_'.repeat(32)}\nFor organizers: options\n${RULE}`, 'Bring it.'],
    ['Sign ____ here.', 'Sign ____ here.'],
  ])('is what stands around it', (text, expected) => {
    expect(withoutJoinText(text)).toBe(expected);
  });
});
