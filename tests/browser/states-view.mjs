/**
 * What runs in the page of the difficult states: what the eye sees of a tree. Text in its order with
 * the lines it stands in and how it looks, and everything that is painted, with its place. Nothing of
 * it says which elements make it.
 *
 * @typedef {{ kind: string, text: string, look: string, boxes: number[][] }} Seen - boxes: left, top,
 *   right, bottom within the box of the state
 */
export function installView() {
  const { rootOf, get } = Reflect.get(window, 'states');

  const REPLACED = new Set(
    'img canvas video audio input select textarea button iframe object embed meter progress'.split(
      ' ',
    ),
  );
  const SHAPES = new Set(
    'rect circle ellipse line path polygon polyline image use text'.split(' '),
  );

  /** @param {any} node @returns {Iterable<Node>} */
  function childrenOf(node) {
    const root = rootOf(node);
    if (root) {
      return root.childNodes;
    }
    if (get(node, 'localName') === 'slot') {
      const assigned = node.assignedNodes?.() ?? [];
      if (assigned.length > 0) {
        return assigned;
      }
    }
    return get(node, 'childNodes');
  }

  /** @param {CSSStyleDeclaration} style */
  const textLook = (style) =>
    [
      style.color,
      style.fontSize,
      style.fontWeight,
      style.fontStyle,
      style.fontFamily,
      style.textTransform,
    ].join(' ');

  /**
   * @param {any} element
   * @param {CSSStyleDeclaration} style
   * @returns {{ kind: string, text: string, look: string } | null}
   */
  function painted(element, style) {
    const name = get(element, 'localName');
    const sides = ['Top', 'Right', 'Bottom', 'Left'].map((side) => {
      const each = /** @type {any} */ (style);
      const width = each[`border${side}Width`];
      const kind = each[`border${side}Style`];
      return width === '0px' || kind === 'none' || kind === 'hidden'
        ? ''
        : `${width} ${kind} ${each[`border${side}Color`]}`;
    });
    const fill =
      style.backgroundColor === 'rgba(0, 0, 0, 0)' && style.backgroundImage === 'none'
        ? ''
        : `${style.backgroundColor} ${style.backgroundImage}`;
    const marker = style.display === 'list-item' ? style.listStyleType : '';
    const namespace = get(element, 'namespaceURI');
    const isSvg = namespace === 'http://www.w3.org/2000/svg';
    const shape = isSvg && SHAPES.has(name) ? style.fill : '';
    const isHtml = namespace === 'http://www.w3.org/1999/xhtml';
    const isReplaced = isHtml ? REPLACED.has(name) : isSvg && name === 'svg';
    const replaced = isReplaced ? name : '';
    if (!sides.some(Boolean) && !fill && !marker && !shape && !replaced) {
      return null;
    }
    const isField = ['input', 'select', 'textarea'].includes(name) && 'value' in element;
    return {
      kind: replaced || 'box',
      text: isField ? `${element.value} ${element.checked ?? ''}` : '',
      look: JSON.stringify([sides, fill, marker, shape]),
    };
  }

  /**
   * @param {Element} box
   * @returns {Seen[]}
   */
  function look(box) {
    const view = /** @type {any} */ (box.ownerDocument.defaultView);
    const origin = box.getBoundingClientRect();
    const place = (/** @type {DOMRect} */ { left, top, right, bottom }) =>
      [left - origin.left, top - origin.top, right - origin.left, bottom - origin.top].map(
        (each) => Math.round(each * 100) / 100,
      );
    /** @type {Seen[]} */
    const list = [{ kind: 'all', text: '', look: '', boxes: [place(origin)] }];
    const range = box.ownerDocument.createRange();

    /** @param {Text} text */
    function lookAtText(text) {
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()].filter(({ width }) => width > 0).map(place);
      const parent = text.parentElement ?? /** @type {any} */ (text.parentNode)?.host;
      const style = view.getComputedStyle(parent);
      if (boxes.length === 0 || style.visibility !== 'visible') {
        return;
      }
      const shown = textLook(style);
      const last = list.at(-1);
      // Two texts side by side are one to the eye.
      if (last?.kind === 'text' && last.look === shown) {
        last.text += text.data;
        addLines(last.boxes, boxes);
      } else {
        list.push({ kind: 'text', text: text.data, look: shown, boxes: addLines([], boxes) });
      }
    }

    const waiting = [...childrenOf(box)].reverse();
    while (waiting.length > 0) {
      const node = /** @type {any} */ (waiting.pop());
      const type = get(node, 'nodeType');
      if (type === 3 || type === 4) {
        lookAtText(node);
      } else if (type === 1) {
        const style = view.getComputedStyle(node);
        if (style.display !== 'none') {
          const item = style.display === 'contents' ? null : painted(node, style);
          const boxes = item ? [...node.getClientRects()].map(place) : [];
          if (item && boxes.length > 0) {
            list.push({ ...item, boxes });
          }
          waiting.push(...[...childrenOf(node)].reverse());
        }
      }
    }
    for (const each of list) {
      each.text = each.kind === 'text' ? shownText(each.text) : each.text;
    }
    return list;
  }

  /** Half a character is drawn as U+FFFD. @param {string} text */
  const shownText = (text) =>
    text
      .replace(/\p{Surrogate}/gu, '\uFFFD')
      .replace(/[ \t\n\r\f]+/g, ' ')
      .trim();

  /**
   * Adds boxes of text, those on the same line made one.
   *
   * @param {number[][]} lines
   * @param {number[][]} more
   */
  function addLines(lines, more) {
    for (const next of more) {
      const last = lines.at(-1);
      const isSame =
        last &&
        Math.abs(last[1] - next[1]) < 1 &&
        Math.abs(last[3] - next[3]) < 1 &&
        Math.abs(last[2] - next[0]) < 1;
      if (isSame) {
        last[2] = next[2];
      } else {
        lines.push([...next]);
      }
    }
    return lines;
  }

  Reflect.set(window, 'statesView', look);
}
