// lit-html as far as our templates use it, for the files of the script tag: what a page loads for the button is mostly lit. The source is lit's own
// readable one, without its warnings for developers and without what no template of ours has: directives, `?attribute`, bindings on elements or in
// `<style>` and `<textarea>`, SVG fragments, polyfills of browsers that know no `<dialog>`. Bundlers get lit as it is.
// Where a release of lit is written otherwise the build fails here, rather than to trim something else.

const TRIMMINGS = [
  ['const DEV_MODE = true;', 'const DEV_MODE = false;'],
  ['const ENABLE_EXTRA_SECURITY_HOOKS = true;', 'const ENABLE_EXTRA_SECURITY_HOOKS = false;'],
  ['const ENABLE_SHADYDOM_NOPATCH = true;', 'const ENABLE_SHADYDOM_NOPATCH = false;'],
  [/\bwrap\(/g, '('],
  [/\bfunction resolveDirective\([^]*?\n}\n/g, 'const resolveDirective = (_part, value) => value;\n'],
  [/\bvalue !== noChange\b|\b(?:v|newListener) === noChange\b/g, (test) => String(test.includes('!'))],
  [/\btype === (?:SVG|MATHML)_RESULT\b/g, 'false'],
  [/\brawTextElement\.test\([^()]*\)/g, 'false'],
  [/m\[1\] === '\?'\s*\? BooleanAttributePart\s*:/g, ''],
  [/typeof type === 'number'\s*\? (this\._\$getTemplate\(result\))\s*:[^;]*;/g, '$1;'],
  [/\s*else if \(name\.startsWith\(marker\)\) \{[^}]*\}[^}]*\}/g, ''],
  [/\s*else if \(templatePart\.type === ELEMENT_PART\) \{[^}]*\}/g, ''],
  [/\n {4}get [\w$]+\(\) \{[^]*?\n {4}\}(?=\n)/g, ''],
  [/\n {4}setConnected\([^]*?\n {4}}\n/g, '\n'],
  [/\nconst polyfillSupport =[^]*?\.push\('[\d.]+'\);\n/g, '\n'],
  ['if (DEV_MODE && global.litHtmlVersions.length > 1) {', 'if (false) {'],
];

/** Names of lit's own that nothing outside of it reads. */
export const LIT_NAMES = /^_/;

/** The plugin; wants `development` among the conditions, which is where the readable source is. */
export const trimLit = {
  name: 'trim-lit',
  enforce: 'pre',
  transform(code, id) {
    if (!/lit-html[^]*\/lit-html\.js$/.test(id)) return null;
    let trimmed = code;
    for (const [what, instead] of TRIMMINGS) {
      const before = trimmed;
      trimmed = trimmed.replaceAll(what, instead);
      if (trimmed === before) throw new Error(`lit-html is written otherwise than trim-lit.mjs expects: there is no ${String(what)}`);
    }
    // The minifier leaves these as variables.
    for (const [, name, value] of trimmed.matchAll(/^const ([A-Z_]+) = (\d+);$/gm)) {
      trimmed = trimmed.replaceAll(new RegExp(`(?<!const )\\b${name}\\b`, 'g'), value);
    }
    return trimmed;
  },
};

/** Answers with a template's code. @throws where it has what was trimmed. */
export function refuseTrimmed(code, id) {
  const [found] = code.match(/\s\?[\w-]+=\$\{|lit\/directive|<(?:style|textarea|title)\b|\bsvg`/) ?? [];
  if (found) throw new Error(`${id} has ${found.trim()}, which trim-lit.mjs takes out of lit. Write it otherwise, or leave that in.`);
  return code;
}
