/**
 * The states that do not come back as the very tree they were, each with the reason. All others are
 * the same in every stage of every browser (states.test.mjs).
 *
 * @typedef {{ reason: string, states: string[] }} Group
 */

/** Another tree, which the eye cannot tell from the first. @type {Group[]} */
export const NEARLY = [
  {
    reason: 'a parser would close what is open: an element without a box keeps it from that',
    states: [
      ...['a div in a paragraph, with text around', 'three paragraphs in each other'],
      ...['blocks of every kind in a paragraph', 'a rule in a paragraph'],
      ...['details, dialog, address, search and center in a paragraph'],
      ...['a list in a span in a paragraph', 'a paragraph in bold in a paragraph'],
      ...['siblings around a block in a paragraph', 'a paragraph that lays out its blocks'],
      ...['a paragraph in a summary, in a list, in a cell', 'a link in a link'],
      ...['a link in a block in a link', 'five links in each other', 'a button in a button'],
      ...['a button in a block in a button', 'a nobr in a nobr', 'headings in headings'],
      ...['an item in an item', 'an item in blocks in an item', 'items without a list'],
      ...['terms and definitions in each other', 'ruby with its parts in each other'],
      ...['parts of ruby in blocks, and without ruby', 'a form in a form'],
      ...['a form in blocks in a form', 'content that may be edited'],
      ...['paragraphs, links and tables in foreignObject', 'HTML in MathML'],
      ...['a root that holds what parsers rearrange', 'a link in a link by way of a root'],
      ...['a block in a paragraph that hosts a root', '60 paragraphs and links in each other'],
      ...['500 paragraphs with blocks', 'a paragraph in a paragraph'],
      ...['a link in a link, a form in a form, a button in a button'],
    ],
  },
  {
    reason:
      'a parser wants all parts of a table in their places: parts without a box fill the gaps',
    states: [
      ...['text in a table', 'text in a section and in a row'],
      ...['a div in a table, in a section, in a row', 'rows without a section'],
      ...['paragraphs, links and bold text between rows', 'cells without a row'],
      ...['a cell in a cell', 'a row in a row and in a cell', 'sections in sections and rows'],
      ...['a table in a table, in a section, in a row', 'rows and cells in a div'],
      ...['cells in a div', 'sections in a div', 'cells in a paragraph, in a span, in a link'],
      ...['rows that a div lays out', 'captions in odd places', 'columns in odd places'],
      ...['columns without a group', 'fields and selects between rows'],
      ...['no-break spaces in a table', 'list items and options in a table'],
      ...['a table in a paragraph, in bold, in a button'],
      ...['a table of elements that another rule lays out'],
      ...['a span, a picture and a break in a row', 'striped rows with a stranger between'],
      ...['strangers of a table that a root slots', 'SVG in a table, in a select, in an option'],
      ...['text and a div in a table, a row without a table'],
    ],
  },
  {
    reason: 'what no browser shows there and no parser leaves there is left out',
    states: [
      ...['a form around rows', 'a form in a table and in a row, with fields'],
      ...['text and elements in a group of columns', 'fields with children'],
      ...['children of a void element', 'other content in a select', 'elements in an option'],
      ...['a select in a select, and in an option', 'a rule and a table in a select'],
      ...['groups of options in each other', 'an option in an option, and without a select'],
      ...['names in the wrong case', 'HTML directly in SVG', 'shapes of SVG in HTML'],
      ...['names of HTML in the namespace of SVG', 'HTML in desc and title of SVG'],
      ...['SVG in MathML and MathML in SVG', 'annotation-xml with HTML and SVG'],
      ...['SVG with its capitals, MathML, and HTML inside'],
      ...['HTML names in other namespaces, and the other way round'],
    ],
  },
  {
    reason: 'a name that a parser reads as something else becomes a box that looks like it',
    states: [
      ...['html, head and body in a div', 'several bodies', 'void elements with children'],
      ...['a rule with children', 'elements of other days'],
      ...['names of SVG in the namespace of HTML', 'elements of another namespace'],
      ...['elements of HTML with capitals', 'custom elements with odd names'],
      ...['elements with a prefix, and with capitals', 'elements with a colon'],
      ...['elements whose names XML cannot write'],
    ],
  },
  {
    reason: 'text that parsers do not read as text goes into an element where they do',
    states: [
      ...['line feeds at the start of pre, listing, xmp and textarea'],
      ...['a title, a noframes and a noembed with markup'],
      ...['xmp and plaintext with markup and elements'],
      ...['elements whose text HTML does not escape'],
    ],
  },
  {
    reason: 'CSS holds no sign that a parser could take for the end of its element',
    states: [
      ...['a style that would end early', 'a style with a comment of HTML'],
      ...['a style with elements in it', 'styles that are not well formed'],
      ...['a style of SVG with signs of markup', 'a style with elements, HTML style in SVG'],
    ],
  },
  {
    reason: 'names and characters that XML cannot hold',
    states: [
      ...['names of frameworks', 'names that no parser makes', 'namespaces declared'],
      ...['values with controls and half characters', 'half of a character'],
      ...['white space in SVG text', 'attribute names of frameworks', 'xml:lang and xml:space'],
      ...['namespace declarations as plain attributes', 'forged marks of the walker'],
    ],
  },
  {
    reason: 'HTML has one attribute of a name, in lower case',
    states: [
      ...['names with capitals', 'one name in several namespaces', 'xlink and xml on HTML and SVG'],
      ...['one local name in two namespaces'],
    ],
  },
  {
    reason: 'a slot that takes an element by hand gets a name for it',
    states: ['slots assigned by script'],
  },
  {
    reason: 'sheets that a script made are written out as elements',
    states: ['sheets that roots adopted'],
  },
  {
    reason: 'in a template the same is not to be had as around it',
    states: [
      ...['templates in templates', 'templates in a table, a select and a list'],
      ...['a template with children beside its content'],
      ...['a template with a paragraph in a paragraph'],
    ],
  },
  {
    reason: 'parsers nest 512 elements and no more',
    states: ['600 elements deep', '2500 elements deep'],
  },
];

/** What looks another way, in the browsers named. @type {(Group & { browsers: string[] })[]} */
export const DIFFERENT = [
  {
    reason: 'XML holds no control characters, and HTML no zero byte: U+FFFD stands for them',
    browsers: ['chromium', 'firefox'],
    states: [
      ...['form feeds and vertical tabs', 'zero bytes', 'control characters', 'noncharacters'],
      ...['controls, noncharacters and NUL in text'],
    ],
  },
  {
    reason: 'halves of a character that stand in two texts, which browsers draw as one',
    browsers: ['chromium', 'firefox'],
    states: ['a character cut in two texts', 'lone surrogates'],
  },
  {
    reason: 'Firefox draws half of a character narrower than U+FFFD',
    browsers: ['firefox'],
    states: ['half of a character'],
  },
  {
    reason: 'a frameset that stands in a page has a height of its own',
    browsers: ['chromium', 'firefox'],
    states: ['a frameset in a div'],
  },
  {
    reason: 'options hold text only: parsers, old and new, read more in them each its own way',
    browsers: ['chromium', 'firefox'],
    states: ['groups of options without a select'],
  },
  {
    reason: 'options hold text only: parsers, old and new, read more in them each its own way',
    browsers: ['firefox'],
    states: [
      ...['an option in an option, and without a select', 'groups of options in each other'],
      ...['a link in a link, a form in a form, a button in a button'],
    ],
  },
  {
    reason: 'HTML text has MathML in <math> and HTML in its leaves only',
    browsers: ['chromium', 'firefox'],
    states: ['mglyph and malignmark', 'parts of MathML in HTML'],
  },
  {
    reason: 'HTML text has MathML in <math> and HTML in its leaves only',
    browsers: ['firefox'],
    states: [
      ...['SVG in MathML and MathML in SVG', 'HTML in MathML'],
      ...['SVG with its capitals, MathML, and HTML inside'],
    ],
  },
  {
    reason: 'a rule for the name of an element does not meet the box that stands for it',
    browsers: ['chromium', 'firefox'],
    states: ['elements without a namespace', 'names that XML cannot write'],
  },
  {
    reason: 'the children of a template that a rule shows are read as its content',
    browsers: ['chromium', 'firefox'],
    states: ['a template that is shown'],
  },
  {
    reason: 'parsers nest 512 elements and no more',
    browsers: ['firefox'],
    states: ['2500 elements deep'],
  },
];

/** Where a browser's tree is not the one that the host wrote: deeper than it nests. */
export const MOVED = new Set(['600 elements deep', '2500 elements deep']);

/**
 * @param {Group[]} groups
 * @param {string} state
 * @returns {string} the reason, '' when none names the state
 */
function reasonIn(groups, state) {
  return groups.find(({ states }) => states.includes(state))?.reason ?? '';
}

/**
 * @param {string} browser
 * @param {string} state
 * @returns {{ verdict: import('./states.mjs').Verdict, reason: string }}
 */
export function expectedOf(browser, state) {
  const here = DIFFERENT.filter(({ browsers }) => browsers.includes(browser));
  const [lost, near] = [reasonIn(here, state), reasonIn(NEARLY, state)];
  if (lost) {
    return { verdict: 'different', reason: lost };
  }
  return near ? { verdict: 'nearly', reason: near } : { verdict: 'same', reason: '' };
}
