/** The first form of a page, as a browser without JavaScript sees it. */
export interface Form {
  /** As the page says it: relative to the page, or absolute. */
  readonly action: string;
  readonly method: string;
  readonly inputs: readonly Input[];
  readonly buttons: readonly Button[];
}

interface Input {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly checked: boolean;
}

interface Button {
  readonly name: string;
  readonly value: string;
  readonly text: string;
}

/** Reads the first form of a page, or the first with this button. @throws Error where there is none */
export function formOf(html: string, button = ''): Form {
  const forms = [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)];
  const [, attributes = '', contents = ''] =
    forms.find(([, , inside = '']) =>
      [...inside.matchAll(/<button[^>]*>([\s\S]*?)<\/button>/g)].some(([, label = '']) => textOf(label).includes(button)),
    ) ??
    forms[0] ??
    [];
  if (contents === '') throw new Error(`this page has no form: ${textOf(html)}`);
  return {
    action: attributeOf(attributes, 'action'),
    method: attributeOf(attributes, 'method'),
    inputs: [...contents.matchAll(/<input([^>]*)>/g)].map(([, attributes = '']) => ({
      name: attributeOf(attributes, 'name'),
      type: attributeOf(attributes, 'type'),
      value: attributeOf(attributes, 'value'),
      checked: /\schecked/.test(attributes),
    })),
    buttons: [...contents.matchAll(/<button([^>]*)>([\s\S]*?)<\/button>/g)].map(([, attributes = '', label = '']) => ({
      name: attributeOf(attributes, 'name'),
      value: attributeOf(attributes, 'value'),
      text: textOf(label),
    })),
  };
}

/** What a person does to a form. */
export interface Filling {
  /** Types into fields, by name. */
  readonly type?: Readonly<Record<string, string>>;
  /** Presses the button whose text contains this; the first one where absent. */
  readonly press?: string;
  /** Chooses radio buttons, by name. */
  readonly choose?: Readonly<Record<string, string>>;
  /** Clears the boxes whose value ends so. */
  readonly untick?: readonly string[];
}

/** What a browser sends of a form. */
export function fieldsOf(form: Form, { press = '', type = {}, choose = {}, untick = [] }: Filling): URLSearchParams {
  const fields = new URLSearchParams();
  for (const input of form.inputs) {
    const chosen = choose[input.name];
    const isOff = input.type === 'radio' && (chosen === undefined ? !input.checked : chosen !== input.value);
    const isClear = input.type === 'checkbox' && (!input.checked || untick.some((end) => input.value.endsWith(end)));
    if (!isOff && !isClear) fields.append(input.name, type[input.name] ?? input.value);
  }
  const button = form.buttons.find(({ text }) => text.includes(press));
  if (button === undefined && press !== '') throw new Error(`no button ${press} in this form`);
  if (button !== undefined && button.name !== '') fields.append(button.name, button.value);
  return fields;
}

/** Where the link of an onward page leads. */
export function onwardLink(html: string): string | undefined {
  const link = /<a[^>]*id="onward"[^>]*>/.exec(html)?.[0];
  return link && attributeOf(link, 'href');
}

/** What can be read on a page. */
export function textOf(html: string): string {
  const body = /<main>([\s\S]*?)<\/main>/.exec(html)?.[1] ?? html;
  return unescape(body.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

function attributeOf(attributes: string, name: string): string {
  return unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
