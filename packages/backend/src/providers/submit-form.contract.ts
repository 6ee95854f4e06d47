/** Which form of a page, and what a person does with it. */
export interface FormChoice {
  /** Text that the form's markup holds and the others' does not. */
  readonly holding: string;
  /** The button pressed, as name and value. */
  readonly press?: Readonly<Record<string, string>>;
  /** Values of boxes to untick. */
  readonly untick?: readonly string[];
}

/** Sends a form as a browser would, with its hidden fields and ticked boxes, and gives the answer without following it. */
export async function submitForm(page: Response, { holding, press = {}, untick = [] }: FormChoice): Promise<Response> {
  const markup = await page.text();
  const form = markup.match(/<form\b.*?<\/form>/gs)?.find((candidate) => candidate.includes(holding));
  if (form === undefined) throw new Error(`the page with status ${page.status} has no form with ${holding}`);
  const body = new URLSearchParams();
  for (const [input] of form.matchAll(/<input\b[^>]*>/g)) {
    const isBox = attribute(input, 'type') === 'checkbox';
    if (isBox && (!/\schecked\b/.test(input) || untick.includes(attribute(input, 'value')))) continue;
    body.append(attribute(input, 'name'), attribute(input, 'value'));
  }
  for (const [name, value] of Object.entries(press)) body.append(name, value);
  return fetch(new URL(attribute(form, 'action'), page.url), { method: 'POST', body, redirect: 'manual' });
}

/** The query of the redirect that an answer is. */
export function redirectQuery(answer: Response): URLSearchParams {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`an answer with status ${answer.status} is no redirect`);
  return new URL(location).searchParams;
}

function attribute(tag: string, name: string): string {
  const value = new RegExp(`^<[^>]*?\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
  return value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
