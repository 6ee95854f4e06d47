// How `describe-element.mjs` turns the documentation comments of the element into custom-elements.json.

/** The analyzer reads sources; what is published is what the compiler makes of them. */
const published = (path) => path.replace(/^src\//, './dist/').replace(/\.ts$/, '.js');

/** The class names its attributes alone; what each means stands at the property of the same name. */
function withAttributesExplained(declaration) {
  const { attributes, members = [] } = declaration;
  if (attributes === undefined) return declaration;
  const fieldOf = new Map(members.map((member) => [member.name, member]));
  const explained = attributes.map(({ name }) => {
    const fieldName = name.replace(/-./g, ([, letter]) => letter.toUpperCase());
    const { type, description } = fieldOf.get(fieldName) ?? {};
    if (!description) throw new Error(`The attribute ${name} of <${declaration.tagName}> needs a property ${fieldName} with a comment.`);
    return { name, type, description, fieldName };
  });
  const attributeOf = new Map(explained.map(({ name, fieldName }) => [fieldName, name]));
  const linked = members.map((member) => ({ ...member, ...(attributeOf.has(member.name) && { attribute: attributeOf.get(member.name) }) }));
  return { ...declaration, attributes: explained, members: linked };
}

/** Leaves out what a user of the element cannot reach, and what is only guessed from the code instead of declared or documented. */
function onlyPublic(declaration) {
  const members = declaration.members?.filter(
    ({ name, description, privacy = 'public', static: ofTheClass }) =>
      privacy === 'public' && !name.startsWith('#') && !ofTheClass && (description || !declaration.tagName),
  );
  const events = declaration.events?.filter(({ name, description }) => name && description);
  return { ...declaration, ...(members && { members }), ...(events && { events }) };
}

/** What a reader knows; the classes in between are nobody's business. */
function withBuiltInSuperclass(declaration) {
  if (!declaration.superclass) return declaration;
  return { ...declaration, superclass: { name: declaration.tagName ? 'HTMLElement' : 'Event', package: 'global:' } };
}

/** The analyzer takes the name of a constructor's argument for a default value. */
function withoutAssigned(declaration) {
  if (declaration.superclass?.name !== 'Event') return declaration;
  const withoutDefault = (member) => Object.fromEntries(Object.entries(member).filter(([key]) => key !== 'default'));
  return { ...declaration, ...(declaration.members && { members: declaration.members.map(withoutDefault) }) };
}

const asUsed = (declaration) =>
  [onlyPublic, withAttributesExplained, withBuiltInSuperclass, withoutAssigned].reduce((so, step) => step(so), declaration);

const asPublished = {
  name: 'as-published',
  packageLinkPhase({ customElementsManifest: { modules } }) {
    const moduleOf = new Map(modules.flatMap(({ path, declarations }) => declarations.map(({ name }) => [name, published(path)])));
    for (const module of modules) {
      module.path = published(module.path);
      module.declarations = module.declarations.map(asUsed);
      // Types have no value to import.
      module.exports = module.exports.filter(({ declaration }) => moduleOf.has(declaration.name));
      // A class that is handed on stands where it is declared.
      for (const { declaration } of module.exports) declaration.module = moduleOf.get(declaration.name);
    }
  },
};

export default {
  globs: ['src/calendar-connect.ts', 'src/calendar-connect.define.ts', 'src/events/*.ts'],
  // It would write its own spelling of `customElements` into package.json.
  packagejson: false,
  plugins: [asPublished],
};
