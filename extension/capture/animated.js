/**
 * The page walker: what scripts animate (`element.animate()`). No rule says it, so the element gets
 * what is shown of it now.
 */
globalThis.linksnap.animated = (() => {
  const { nodes } = globalThis.linksnap;

  /** Animations of one document or shadow root that are looked at. */
  const MOST = 2000;

  /** Members of a keyframe that are no properties (Web Animations §6.6.1). */
  const NO_PROPERTY = new Set(['offset', 'computedOffset', 'easing', 'composite']);

  const { getAnimations } = Document.prototype;

  /**
   * @param {Document | ShadowRoot} scope
   * @returns {Animation[]} those of scripts; style sheets say the others
   */
  function animationsIn(scope) {
    const all = nodes.typeOf(scope) === 9 ? getAnimations?.call(scope) : scope.getAnimations?.();
    return (all ?? [])
      .slice(0, MOST)
      .filter((each) => !('animationName' in each) && !('transitionProperty' in each));
  }

  /** @param {string} name - of a property, as scripts spell it */
  function nameInCss(name) {
    switch (name) {
      case 'cssOffset':
        return 'offset';
      case 'cssFloat':
        return 'float';
      default:
        return name.startsWith('--')
          ? name
          : name
              .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
              .replace(/^webkit-/, '-webkit-');
    }
  }

  /**
   * @param {Document | ShadowRoot} scope
   * @param {import('./marks.js').Marks} marks
   */
  function gather(scope, marks) {
    /** @type {Map<Element, Set<string>>} */
    const animated = new Map();
    for (const { effect } of animationsIn(scope)) {
      const { target, pseudoElement } = /** @type {KeyframeEffect} */ (effect);
      if (target && !pseudoElement) {
        const names = animated.get(target) ?? new Set();
        for (const frame of /** @type {KeyframeEffect} */ (effect).getKeyframes()) {
          Object.keys(frame).forEach((name) => NO_PROPERTY.has(name) || names.add(nameInCss(name)));
        }
        animated.set(target, names);
      }
    }
    for (const [element, names] of animated) {
      const now = getComputedStyle(element);
      const style = [...names]
        .map((name) => [name, now.getPropertyValue(name)])
        .filter(([, value]) => value !== '')
        // As strong as the animation was, which no rule but an important one outdoes.
        .map(([name, value]) => `${name}: ${value} !important; `);
      marks.add(element, { style: style.join('') });
    }
  }

  return { gather };
})();
