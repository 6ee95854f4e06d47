import type { MailLanguage } from './mail-language.ts';

/** What the mail with a code says. */
export interface VerificationSentences {
  readonly subject: string;
  readonly enter: string;
  readonly valid: string;
  readonly ignore: string;
  readonly automatic: string;
}

/** The sentences, by language. `{application}` is the application's name. */
export const verificationSentences: Readonly<Record<MailLanguage, VerificationSentences>> = {
  en: {
    subject: 'Your code for {application}',
    enter: 'With this code you show {application} that this address is yours:',
    valid: 'The code is valid for ten minutes. Type it only where you asked for it, and tell it to nobody.',
    ignore: 'If you did not ask for this, ignore this mail: nobody can do anything with your address alone.',
    automatic: 'This mail was sent automatically. Nobody reads an answer to it.',
  },
  de: {
    subject: 'Ihr Code für {application}',
    enter: 'Mit diesem Code zeigen Sie {application}, dass diese Adresse Ihnen gehört:',
    valid: 'Der Code gilt zehn Minuten. Geben Sie ihn nur dort ein, wo Sie ihn angefordert haben, und sagen Sie ihn niemandem.',
    ignore: 'Wenn Sie nicht darum gebeten haben, beachten Sie diese Mail nicht: Mit Ihrer Adresse allein kann niemand etwas anfangen.',
    automatic: 'Diese Mail wurde automatisch verschickt. Eine Antwort darauf liest niemand.',
  },
  fr: {
    subject: 'Votre code pour {application}',
    enter: 'Ce code montre à {application} que cette adresse est la vôtre :',
    valid: 'Le code est valable dix minutes. Saisissez-le uniquement là où vous l’avez demandé et ne le communiquez à personne.',
    ignore:
      'Si vous n’êtes pas à l’origine de cette demande, ignorez ce message : personne ne peut faire quoi que ce soit avec votre seule adresse.',
    automatic: 'Ce message a été envoyé automatiquement. Personne ne lit les réponses.',
  },
  es: {
    subject: 'Su código para {application}',
    enter: 'Con este código demuestra a {application} que esta dirección es suya:',
    valid: 'El código es válido durante diez minutos. Escríbalo solo donde lo pidió y no se lo diga a nadie.',
    ignore: 'Si no lo ha pedido usted, ignore este mensaje: nadie puede hacer nada solo con su dirección.',
    automatic: 'Este mensaje se ha enviado automáticamente. Nadie lee las respuestas.',
  },
  it: {
    subject: 'Il suo codice per {application}',
    enter: 'Con questo codice dimostra a {application} che questo indirizzo è suo:',
    valid: 'Il codice è valido per dieci minuti. Lo inserisca solo dove l’ha richiesto e non lo comunichi a nessuno.',
    ignore: 'Se non l’ha richiesto lei, ignori questo messaggio: nessuno può fare nulla con il solo indirizzo.',
    automatic: 'Questo messaggio è stato inviato automaticamente. Nessuno legge le risposte.',
  },
  nl: {
    subject: 'Uw code voor {application}',
    enter: 'Met deze code laat u {application} zien dat dit adres van u is:',
    valid: 'De code is tien minuten geldig. Vul hem alleen in waar u erom hebt gevraagd en geef hem aan niemand door.',
    ignore: 'Hebt u hier niet om gevraagd, negeer deze mail dan: met alleen uw adres kan niemand iets doen.',
    automatic: 'Deze mail is automatisch verstuurd. Antwoorden worden niet gelezen.',
  },
  pt: {
    subject: 'O seu código para {application}',
    enter: 'Com este código mostra a {application} que este endereço é seu:',
    valid: 'O código é válido durante dez minutos. Introduza-o apenas onde o pediu e não o diga a ninguém.',
    ignore: 'Se não pediu este código, ignore esta mensagem: ninguém pode fazer nada só com o seu endereço.',
    automatic: 'Esta mensagem foi enviada automaticamente. Ninguém lê as respostas.',
  },
};
