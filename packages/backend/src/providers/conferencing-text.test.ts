import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependsOnText, type EventText, textWithConferencing, withoutBlock } from './conferencing-text.ts';

const ZOOM = { description: 'Zoom', joinUrl: 'https://zoom.example/j/1?pwd=a' };
const WEBEX = { description: 'Webex', joinUrl: 'https://webex.example/m/2' };
const BLOCK = '────────\nZoom:\nhttps://zoom.example/j/1?pwd=a\n────────';
const WEBEX_BLOCK = '────────\nWebex:\nhttps://webex.example/m/2\n────────';
const WITH_ZOOM: EventText = { description: `Bring it.\n\n${BLOCK}`, location: ZOOM.joinUrl };

describe('the address of a meeting in the text of an event', () => {
  it.each([
    [{ conferencing: ZOOM }, { description: BLOCK, location: ZOOM.joinUrl }],
    [{ conferencing: ZOOM, description: 'Bring it.' }, WITH_ZOOM],
    [
      { conferencing: ZOOM, location: 'Room 1' },
      { description: BLOCK, location: 'Room 1' },
    ],
    [
      { conferencing: ZOOM, location: '' },
      { description: BLOCK, location: ZOOM.joinUrl },
    ],
    [{ conferencing: 'none', description: 'Bring it.', location: 'Room 1' } as const, { description: 'Bring it.', location: 'Room 1' }],
    [{ conferencing: 'integrated' } as const, {}],
    [{ description: 'Bring it.' }, { description: 'Bring it.' }],
    [{}, {}],
  ])('of a new event with %j is %j', (draft, text) => {
    expect(textWithConferencing(draft)).toEqual(text);
  });

  it.each([
    ['another meeting takes its place', { conferencing: WEBEX }, { description: `Bring it.\n\n${WEBEX_BLOCK}`, location: WEBEX.joinUrl }],
    ['the same meeting changes nothing', { conferencing: ZOOM }, {}],
    ['it goes', { conferencing: 'none' } as const, { description: 'Bring it.', location: '' }],
    ['the calendar’s own takes its place', { conferencing: 'integrated' } as const, { description: 'Bring it.', location: '' }],
    ['it stays below a new description', { description: 'New.' }, { description: `New.\n\n${BLOCK}` }],
    ['it stays where the description goes', { description: '' }, { description: BLOCK }],
    ['it is not repeated by who read it back', { description: `Bring it.\n\n${BLOCK}` }, { description: `Bring it.\n\n${BLOCK}` }],
    ['it leaves the location to whoever names one', { location: 'Room 1' }, { location: 'Room 1' }],
    [
      'it is replaced, and so is the location',
      { conferencing: WEBEX, location: 'Room 1' },
      { description: `Bring it.\n\n${WEBEX_BLOCK}`, location: 'Room 1' },
    ],
    ['nothing else is told', {}, {}],
  ])('that is there: %s', (_, changes, text) => {
    expect(textWithConferencing(changes, WITH_ZOOM)).toEqual(text);
  });

  it('leaves a place that somebody named', () => {
    expect(textWithConferencing({ conferencing: ZOOM }, { description: 'Bring it.', location: 'Room 1' })).toEqual({
      description: `Bring it.\n\n${BLOCK}`,
    });
    expect(textWithConferencing({ conferencing: 'none' }, { ...WITH_ZOOM, location: 'Room 1' })).toEqual({ description: 'Bring it.' });
  });

  it.each([
    'Bring it.<br><br>────────<br>Zoom:<br><a href="https://zoom.example/j/1">https://zoom.example/j/1</a><br>────────<br>',
    'Bring it.\r\n\r\n────────\r\nZoom:\r\nhttps://zoom.example/j/1<https://zoom.example/j/1>\r\n────────\r\n\r\n',
  ])('is found in what a provider made of it', (description) => {
    expect(textWithConferencing({ conferencing: 'none' }, { description, location: 'https://zoom.example/j/1' })).toEqual({
      description: 'Bring it.',
      location: '',
    });
  });

  it('is not what somebody drew', () => {
    const drawn = 'Title\n────────\nno address\n────────';
    expect(withoutBlock(drawn)).toBe(drawn);
    expect(textWithConferencing({ conferencing: 'none' }, { description: drawn })).toEqual({});
  });

  it('stands there once, however often and with whatever it is changed', () => {
    const name = fc.constantFrom('Zoom', 'a\nb', '────────', '', 'x'.repeat(500));
    const meeting = fc.record({ description: name, joinUrl: fc.constantFrom(ZOOM.joinUrl, WEBEX.joinUrl) });
    const change = fc.record(
      { conferencing: fc.oneof(meeting, fc.constantFrom('none', 'integrated')), description: fc.constantFrom('', 'One.', 'Two.') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        let text: EventText = {};
        for (const one of changes) text = { ...text, ...textWithConferencing(one, text) };
        expect((text.description ?? '').split('https://').length).toBeLessThanOrEqual(2);
        expect(withoutBlock(text.description ?? '')).toBe(
          changes.findLast(({ description }) => description !== undefined)?.description ?? '',
        );
      }),
    );
  });

  it('matters only where description or conferencing change', () => {
    expect([{ title: 'x' }, { location: 'x' }, { description: '' }, { conferencing: 'none' } as const].map(dependsOnText)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
