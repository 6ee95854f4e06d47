import type { InvitationSentences } from './sentences.ts';

/** English. */
export const en: InvitationSentences = {
  subject: {
    invited: 'Invitation: {title}',
    changed: 'Changed: {title}',
    cancelled: 'Cancelled: {title}',
    uninvited: 'No longer invited: {title}',
  },
  happened: {
    invited: '{organizer} invites you to this event.',
    changed: '{organizer} has changed this event. This is how it is now:',
    cancelled: '{organizer} has cancelled this event.',
    uninvited: '{organizer} has taken you off the guest list of this event.',
  },
  answer: {
    invited:
      'To accept or decline, use the buttons that your mail or calendar program shows with this mail. If it shows none, open the attached file.',
    changed:
      'To bring your calendar up to date, accept again with the buttons that your mail or calendar program shows, or open the attached file.',
    cancelled: 'Your calendar removes it by itself, or asks you first. There is nothing to answer.',
    uninvited: 'Your calendar removes it by itself, or asks you first. There is nothing to answer.',
  },
  untitled: 'Untitled event',
  detail: '{label}: {value}',
  when: 'When',
  where: 'Where',
  join: 'Join with {service}',
  page: 'About the event',
  why: 'Why you get this: {application} has your address as that of somebody who takes part in this event.',
  reply: 'This mail was sent automatically. An answer to it goes to {organizer}.',
};
