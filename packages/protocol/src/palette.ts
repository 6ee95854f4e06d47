/** The colours that the element and the hosted pages share, as CSS values. Text on its background keeps at least 4.5 : 1, lines and controls 3 : 1. */
export interface Palette {
  surface: string;
  surfaceRaised: string;
  text: string;
  textMuted: string;
  line: string;
  accent: string;
  onAccent: string;
  accentSoft: string;
  danger: string;
  success: string;
}

/** On a light page, and on one that says no `color-scheme`. */
export const LIGHT_PALETTE: Palette = {
  surface: '#ffffff',
  surfaceRaised: '#f6f7f9',
  text: '#16181d',
  textMuted: '#565d6b',
  line: '#868d9c',
  accent: '#2f5bea',
  onAccent: '#ffffff',
  accentSoft: '#eaf0ff',
  danger: '#b3261e',
  success: '#146c43',
};

/** On a dark page. */
export const DARK_PALETTE: Palette = {
  surface: '#16181d',
  surfaceRaised: '#20232b',
  text: '#f2f4f8',
  textMuted: '#aab2c2',
  line: '#737b8c',
  accent: '#8fabff',
  onAccent: '#0b1533',
  accentSoft: '#22304f',
  danger: '#ff9a90',
  success: '#7fd8a8',
};
