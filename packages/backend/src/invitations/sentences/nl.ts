import type { InvitationSentences } from './sentences.ts';

/** Dutch. */
export const nl: InvitationSentences = {
  subject: {
    invited: 'Uitnodiging: {title}',
    changed: 'Gewijzigd: {title}',
    cancelled: 'Afgezegd: {title}',
    uninvited: 'Niet meer uitgenodigd: {title}',
  },
  happened: {
    invited: '{organizer} nodigt u uit voor deze afspraak.',
    changed: '{organizer} heeft deze afspraak gewijzigd. Zo is het nu:',
    cancelled: '{organizer} heeft deze afspraak afgezegd.',
    uninvited: '{organizer} heeft u van de gastenlijst van deze afspraak gehaald.',
  },
  answer: {
    invited:
      'Accepteer of weiger met de knoppen die uw mail- of agendaprogramma bij deze mail toont. Toont het er geen, open dan het bijgevoegde bestand.',
    changed:
      'Accepteer opnieuw om uw agenda bij te werken, met de knoppen die uw mail- of agendaprogramma toont, of open het bijgevoegde bestand.',
    cancelled: 'Uw agenda verwijdert de afspraak vanzelf of vraagt het u eerst. U hoeft niet te antwoorden.',
    uninvited: 'Uw agenda verwijdert de afspraak vanzelf of vraagt het u eerst. U hoeft niet te antwoorden.',
  },
  untitled: 'Afspraak zonder titel',
  detail: '{label}: {value}',
  when: 'Wanneer',
  where: 'Waar',
  join: 'Deelnemen met {service}',
  page: 'Over de afspraak',
  why: 'Waarom u dit krijgt: {application} heeft uw adres als dat van iemand die aan deze afspraak deelneemt.',
  reply: 'Deze mail is automatisch verstuurd. Een antwoord gaat naar {organizer}.',
};
