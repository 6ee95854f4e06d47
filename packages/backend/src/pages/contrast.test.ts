import { DARK_PALETTE, LIGHT_PALETTE } from '@calendar-connect/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastOf, mixed, readableOn, readableShade, TEXT_CONTRAST } from './contrast.ts';

const color = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    // https://webaim.org/articles/contrast/: the lightest grey that passes on white, and the next that does not.
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
    ['#ff0000', '#ffffff', 4.0],
  ])('of %s and %s is %d, whichever comes first', (first, second, ratio) => {
    expect(contrastOf(first, second)).toBeCloseTo(ratio, 2);
    expect(contrastOf(second, first)).toBeCloseTo(ratio, 2);
  });

  it('is enough for text on a button of any colour', () => {
    fc.assert(fc.property(color, (background) => contrastOf(readableOn(background), background) >= TEXT_CONTRAST));
  });

  it('is enough for any colour on the surfaces of both schemes, once it has its shade', () => {
    for (const { surface, surfaceRaised } of [LIGHT_PALETTE, DARK_PALETTE]) {
      fc.assert(
        fc.property(color, (accent) => {
          const backgrounds = [surface, surfaceRaised, mixed(surface, accent, 0.1)];
          const shade = readableShade(accent, backgrounds);
          return backgrounds.every((background) => contrastOf(shade, background) >= TEXT_CONTRAST);
        }),
      );
    }
  });

  it('changes no colour that can be read as it is', () => {
    expect(readableShade(LIGHT_PALETTE.accent, [LIGHT_PALETTE.surface])).toBe(LIGHT_PALETTE.accent);
    expect(readableShade('#ffd400', ['#ffffff'])).toMatch(/^#[0-9a-f]{6}$/);
    expect(contrastOf(readableShade('#ffd400', ['#ffffff']), '#ffffff')).toBeLessThan(5);
  });

  it('of text on what is chosen stays as it is without a colour of one’s own', () => {
    for (const { surface, text, textMuted } of [LIGHT_PALETTE, DARK_PALETTE]) {
      fc.assert(
        fc.property(color, (accent) => [text, textMuted].every((each) => contrastOf(each, mixed(surface, accent, 0.1)) >= TEXT_CONTRAST)),
      );
    }
  });
});
