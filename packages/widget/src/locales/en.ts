import type { ButtonTexts } from './texts.ts';

export const en: ButtonTexts = {
  connect: 'Connect your calendar',
  connected: 'Calendar connected',
  change: 'Change what is shared',
  cancelled: 'You stopped. Nothing was shared.',
  declined: 'You did not allow access. Nothing was shared.',
  elsewhere: 'This was finished in another tab.',
  setup: 'This page is not set up correctly. Please tell the people who run this page.',
  insecure: 'This page is not secure (https).',
  notLoaded: 'This could not be loaded. Please reload the page.',
};
