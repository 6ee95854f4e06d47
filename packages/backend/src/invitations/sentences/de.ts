import type { InvitationSentences } from './sentences.ts';

/** German. */
export const de: InvitationSentences = {
  subject: {
    invited: 'Einladung: {title}',
    changed: 'Geändert: {title}',
    cancelled: 'Abgesagt: {title}',
    uninvited: 'Nicht mehr eingeladen: {title}',
  },
  happened: {
    invited: '{organizer} lädt Sie zu diesem Termin ein.',
    changed: '{organizer} hat diesen Termin geändert. So ist er jetzt:',
    cancelled: '{organizer} hat diesen Termin abgesagt.',
    uninvited: '{organizer} hat Sie von der Gästeliste dieses Termins genommen.',
  },
  answer: {
    invited:
      'Zum Zusagen oder Absagen dienen die Schaltflächen, die Ihr Mail- oder Kalenderprogramm bei dieser Mail zeigt. Zeigt es keine, öffnen Sie die angehängte Datei.',
    changed:
      'Damit Ihr Kalender stimmt, sagen Sie noch einmal zu: mit den Schaltflächen, die Ihr Mail- oder Kalenderprogramm zeigt, oder über die angehängte Datei.',
    cancelled: 'Ihr Kalender entfernt ihn von selbst oder fragt Sie vorher. Eine Antwort ist nicht nötig.',
    uninvited: 'Ihr Kalender entfernt ihn von selbst oder fragt Sie vorher. Eine Antwort ist nicht nötig.',
  },
  untitled: 'Termin ohne Titel',
  detail: '{label}: {value}',
  when: 'Wann',
  where: 'Wo',
  join: 'Teilnehmen mit {service}',
  page: 'Über den Termin',
  why: 'Warum Sie das bekommen: {application} hat Ihre Adresse als die einer Person, die an diesem Termin teilnimmt.',
  reply: 'Diese Mail wurde automatisch verschickt. Eine Antwort darauf geht an {organizer}.',
};
