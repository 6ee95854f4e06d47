import type { ButtonTexts } from './texts.ts';

export const en: ButtonTexts = {
  connect: 'Connect your calendar',
  connected: 'Calendar connected',
  cancelled: 'You stopped before the calendar was connected. Nothing was shared.',
  declined: 'You did not allow access, so nothing was shared.',
  setup: 'The calendar connection on this page is not set up correctly. Please tell the people who run the page.',
  insecure: 'A calendar can only be connected on a secure page (https).',
  notLoaded: 'The next step could not be loaded. Please reload the page.',
};
