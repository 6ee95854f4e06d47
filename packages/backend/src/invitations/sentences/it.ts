import type { InvitationSentences } from './sentences.ts';

/** Italian. */
export const it: InvitationSentences = {
  subject: {
    invited: 'Invito: {title}',
    changed: 'Modificato: {title}',
    cancelled: 'Annullato: {title}',
    uninvited: 'Invito ritirato: {title}',
  },
  happened: {
    invited: '{organizer} la invita a questo evento.',
    changed: '{organizer} ha modificato questo evento. Ora è così:',
    cancelled: '{organizer} ha annullato questo evento.',
    uninvited: '{organizer} ha tolto il suo nome dalla lista degli invitati a questo evento.',
  },
  answer: {
    invited:
      'Per accettare o rifiutare usi i pulsanti che il suo programma di posta o di calendario mostra con questo messaggio. Se non ne mostra, apra il file allegato.',
    changed:
      'Per aggiornare il suo calendario accetti di nuovo con i pulsanti che il suo programma di posta o di calendario mostra, oppure apra il file allegato.',
    cancelled: 'Il suo calendario lo elimina da solo o glielo chiede prima. Non occorre rispondere.',
    uninvited: 'Il suo calendario lo elimina da solo o glielo chiede prima. Non occorre rispondere.',
  },
  untitled: 'Evento senza titolo',
  detail: '{label}: {value}',
  when: 'Quando',
  where: 'Dove',
  join: 'Partecipare con {service}',
  page: 'Informazioni sull’evento',
  why: 'Perché riceve questo messaggio: {application} ha il suo indirizzo come quello di una persona che partecipa a questo evento.',
  reply: 'Questo messaggio è stato inviato automaticamente. Se risponde, la risposta arriva a {organizer}.',
};
