import { render, type TemplateResult } from 'lit/html.js';

// On a server there are no elements to extend, and none is ever made.
const Base: typeof HTMLElement = globalThis.HTMLElement ?? Object;

/**
 * An element that draws itself into a shadow root, once per turn however much has changed.
 *
 * The rest of what `LitElement` does (converters, controllers, declared state) has no use here, and is a quarter of what a page would
 * load for the button.
 */
export abstract class DrawnElement extends Base {
  /** Each is a property too, in camel case: a string, or absent. */
  declare static readonly observedAttributes: readonly string[];

  readonly renderRoot: ShadowRoot = this.attachShadow({ mode: 'open' });
  #drawing: Promise<void> | undefined;
  #changed = new Set<string>();
  readonly #values: Record<string, unknown> = {};

  /** What the element looks like now. */
  protected abstract template(): TemplateResult;

  /** Told after each drawing which properties have changed since the last one. */
  protected abstract drawn(changed: ReadonlySet<string>): void;

  /** Resolves when all that has changed is drawn. */
  get updateComplete(): Promise<void> {
    return this.#drawing ?? Promise.resolve();
  }

  connectedCallback(): void {
    for (const name of (this.constructor as typeof DrawnElement).observedAttributes.map(propertyOf)) {
      // What a page set before the element was registered hides the property behind it.
      if (!Object.hasOwn(this, name)) continue;
      const own = this as unknown as Record<string, unknown>;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
    this.requestUpdate();
  }

  attributeChangedCallback(attribute: string, _before: string | null, value: string | null): void {
    Reflect.set(this, propertyOf(attribute), value);
  }

  /** Draws at the end of this turn, unless the element is in no document. */
  requestUpdate(property?: string): void {
    if (property) this.#changed.add(property);
    this.#drawing ??= Promise.resolve().then(() => {
      this.#drawing = undefined;
      if (!this.isConnected) return;
      const changed = this.#changed;
      this.#changed = new Set();
      render(this.template(), this.renderRoot);
      this.drawn(changed);
    });
  }

  /** Makes the properties. For the static block of a class that names its attributes. */
  protected static defineProperties(): void {
    for (const property of this.observedAttributes.map(propertyOf)) {
      Object.defineProperty(this.prototype, property, {
        configurable: true,
        enumerable: true,
        get(this: DrawnElement) {
          return this.#values[property];
        },
        set(this: DrawnElement, value: unknown) {
          if (value === this.#values[property]) return;
          this.#values[property] = value;
          this.requestUpdate(property);
        },
      });
    }
  }
}

function propertyOf(attribute: string): string {
  return attribute.replace(/-./g, ([, letter = '']) => letter.toUpperCase());
}
