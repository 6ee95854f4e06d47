import type { InvitationSentences } from './sentences.ts';

/** Portuguese. */
export const pt: InvitationSentences = {
  subject: {
    invited: 'Convite: {title}',
    changed: 'Alterado: {title}',
    cancelled: 'Cancelado: {title}',
    uninvited: 'Convite retirado: {title}',
  },
  happened: {
    invited: '{organizer} enviou-lhe um convite para este evento.',
    changed: '{organizer} alterou este evento. Agora é assim:',
    cancelled: '{organizer} cancelou este evento.',
    uninvited: '{organizer} retirou o seu nome da lista de convidados deste evento.',
  },
  answer: {
    invited:
      'Para aceitar ou recusar, use os botões que o seu programa de e-mail ou de calendário mostra com esta mensagem. Se não mostrar nenhum, abra o ficheiro anexo.',
    changed:
      'Para atualizar o seu calendário, aceite de novo com os botões que o seu programa de e-mail ou de calendário mostra, ou abra o ficheiro anexo.',
    cancelled: 'O seu calendário remove-o sozinho ou pergunta-lhe antes. Não é preciso responder.',
    uninvited: 'O seu calendário remove-o sozinho ou pergunta-lhe antes. Não é preciso responder.',
  },
  untitled: 'Evento sem título',
  detail: '{label}: {value}',
  when: 'Quando',
  where: 'Onde',
  join: 'Participar com {service}',
  page: 'Sobre o evento',
  why: 'Porque recebe esta mensagem: {application} tem o seu endereço como o de uma pessoa que participa neste evento.',
  reply: 'Esta mensagem foi enviada automaticamente. Se responder, a resposta vai para {organizer}.',
};
