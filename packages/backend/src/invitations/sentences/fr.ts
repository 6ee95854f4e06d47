import type { InvitationSentences } from './sentences.ts';

/** French. */
export const fr: InvitationSentences = {
  subject: {
    invited: 'Invitation : {title}',
    changed: 'Modifié : {title}',
    cancelled: 'Annulé : {title}',
    uninvited: 'Invitation retirée : {title}',
  },
  happened: {
    invited: '{organizer} vous invite à cet événement.',
    changed: '{organizer} a modifié cet événement. Voici ce qui est prévu maintenant :',
    cancelled: '{organizer} a annulé cet événement.',
    uninvited: '{organizer} vous a retiré de la liste des invités de cet événement.',
  },
  answer: {
    invited:
      'Pour accepter ou refuser, utilisez les boutons que votre messagerie ou votre agenda affiche avec ce message. S’il n’y en a pas, ouvrez le fichier joint.',
    changed:
      'Pour mettre votre agenda à jour, acceptez de nouveau avec les boutons que votre messagerie ou votre agenda affiche, ou ouvrez le fichier joint.',
    cancelled: 'Votre agenda le supprime de lui-même, ou vous le demande d’abord. Vous n’avez rien à répondre.',
    uninvited: 'Votre agenda le supprime de lui-même, ou vous le demande d’abord. Vous n’avez rien à répondre.',
  },
  untitled: 'Événement sans titre',
  detail: '{label} : {value}',
  when: 'Quand',
  where: 'Où',
  join: 'Participer avec {service}',
  page: 'À propos de l’événement',
  why: 'Pourquoi vous recevez ce message : {application} a votre adresse comme celle d’une personne qui participe à cet événement.',
  reply: 'Ce message a été envoyé automatiquement. Votre réponse ira à {organizer}.',
};
