import type { DialogTexts } from './texts.ts';

export const en: DialogTexts = {
  heading: 'Connect your calendar',
  forPerson: 'For {name}',
  chooseProviderFirst: 'Choose where your calendar is.',
  chooseModeFirst: 'Choose how much you want to share.',
  oneMoment: 'One moment…',
  oneMoreClick: 'Ready. Please press {button} once more.',
  connectingHeading: 'Connecting {provider}',
  windowOpened: 'Sign in and allow access in the window that has opened. This page goes on by itself.',
  windowClosed: 'Did the window close? You can open it again.',
  windowBlocked: 'Your browser blocked the sign-in window.',
  openAgain: 'Open the window again',
  openInTab: 'Open in a new tab',
  reaching: 'Trying to reach the server…',
  finishing: 'Almost done…',
  failedHeading: 'The calendar is not connected',
  tryAgain: 'Try again',
  changeChoice: 'Choose again',
  close: 'Close',
  supportCode: 'Code for support: {code}',
  unreachable: { happened: 'The server could not be reached.', todo: 'Nothing was shared. Wait a minute and try again.' },
  stale: { happened: 'This attempt is no longer valid.', todo: 'Try again, or reload the page.' },
  exchangeFailed: {
    happened: 'The last step did not work.',
    todo: 'Try again. If it happens once more, tell the people who run this page.',
  },
  setup: {
    happened: 'The connection to your calendar is not set up correctly.',
    todo: 'Tell the people who run this page; they can see the reason.',
  },
};
