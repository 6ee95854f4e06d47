import type { InvitationSentences } from './sentences.ts';

/** Spanish. */
export const es: InvitationSentences = {
  subject: {
    invited: 'Invitación: {title}',
    changed: 'Modificado: {title}',
    cancelled: 'Cancelado: {title}',
    uninvited: 'Invitación retirada: {title}',
  },
  happened: {
    invited: '{organizer} le invita a este evento.',
    changed: '{organizer} ha modificado este evento. Ahora es así:',
    cancelled: '{organizer} ha cancelado este evento.',
    uninvited: '{organizer} le ha retirado de la lista de invitados de este evento.',
  },
  answer: {
    invited:
      'Para aceptar o rechazar, use los botones que su programa de correo o de calendario muestra con este mensaje. Si no muestra ninguno, abra el archivo adjunto.',
    changed:
      'Para poner su calendario al día, acepte de nuevo con los botones que muestra su programa de correo o de calendario, o abra el archivo adjunto.',
    cancelled: 'Su calendario lo elimina por sí mismo o se lo pregunta antes. No hay nada que responder.',
    uninvited: 'Su calendario lo elimina por sí mismo o se lo pregunta antes. No hay nada que responder.',
  },
  untitled: 'Evento sin título',
  detail: '{label}: {value}',
  when: 'Cuándo',
  where: 'Dónde',
  join: 'Participar con {service}',
  page: 'Sobre el evento',
  why: 'Por qué recibe esto: {application} tiene su dirección como la de una persona que participa en este evento.',
  reply: 'Este mensaje se ha enviado automáticamente. Si responde, la respuesta llega a {organizer}.',
};
