/** Text on its background, at AA. [WCAG 2.2 §1.4.3](https://www.w3.org/TR/WCAG22/#contrast-minimum) */
export const TEXT_CONTRAST = 4.5;

const WHITE = '#ffffff';
const BLACK = '#000000';
/** Each step goes a fiftieth of the way: finer ones nobody sees. */
const STEPS = 50;

/**
 * The contrast ratio of two colours, from 1 to 21.
 *
 * @param first `#rrggbb`
 * @param second `#rrggbb`
 * @see [WCAG 2.2, contrast ratio](https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)
 */
export function contrastOf(first: string, second: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(first), luminanceOf(second)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever can be read on a colour. One of the two always can: where white has 4.5 : 1 no longer, black has 4.6. */
export function readableOn(background: string): string {
  return contrastOf(WHITE, background) >= TEXT_CONTRAST ? WHITE : BLACK;
}

/**
 * The shade of a colour that is nearest to it and can be read on all of these backgrounds: darker on light ones, lighter on dark ones.
 *
 * @param color `#rrggbb`
 */
export function readableShade(color: string, backgrounds: readonly string[]): string {
  const end = backgrounds.some((background) => readableOn(background) === WHITE) ? WHITE : BLACK;
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mixed(color, end, step / STEPS);
    if (backgrounds.every((background) => contrastOf(shade, background) >= TEXT_CONTRAST)) return shade;
  }
  return end;
}

/**
 * A colour that goes from the first towards the second.
 *
 * @param share How far, from 0 to 1.
 */
export function mixed(first: string, second: string, share: number): string {
  const [from, to] = [channelsOf(first), channelsOf(second)];
  const hex = from.map((channel, index) => Math.round(channel + ((to[index] ?? channel) - channel) * share));
  return `#${hex.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

/** [WCAG 2.2, relative luminance](https://www.w3.org/TR/WCAG22/#dfn-relative-luminance) */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
