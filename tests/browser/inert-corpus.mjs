/**
 * The hostile pages of tests/fixtures/hostile as browsers and the host are given them: each with a
 * number of its own, which what runs of it says and what it asks for has in its address.
 *
 * @typedef {object} Vector
 * @property {number} id
 * @property {string} place - file and number, for a person
 * @property {boolean} isWire - the body of a wire document
 * @property {string} text
 */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './profile.mjs';

const FOLDER = path.join(ROOT, 'tests/fixtures/hostile');

/** Below it are the numbers that stand in vectors: alert(1) that is written some other way. */
const FIRST_ID = 1001;

/** What the rules of hostile sheets are about. */
const STYLED = '<p data-x=x>p</p><q>q</q>';

/** @returns {Vector[]} */
export function readCorpus() {
  /** @type {Vector[]} */
  const vectors = [];
  for (const file of fs.readdirSync(FOLDER).sort()) {
    if (!file.endsWith('.txt')) {
      continue;
    }
    const texts = fs.readFileSync(path.join(FOLDER, file), 'utf8').split('\n---\n');
    for (const [at, text] of texts.entries()) {
      const id = FIRST_ID + vectors.length;
      vectors.push({
        id,
        place: `${file}, number ${at + 1}`,
        isWire: file.startsWith('wire-'),
        text: text.replaceAll('alert(1)', `alert(${id})`) + (file === 'css.txt' ? STYLED : ''),
      });
    }
  }
  return vectors;
}

const DOCTYPE = '<!DOCTYPE html>';

/** Every second page has a doctype: in the viewer the others stand in a data: URL. @param {number} id */
const hasDoctype = (id) => id % 2 === 0;

/**
 * Where a vector asks for something.
 *
 * @param {number} id
 * @param {string} address - of the server
 */
export const evilOf = (id, address) => `${address}/${id}`;

/**
 * @param {Vector} vector
 * @param {string} address - of the server
 * @returns {string} the page, as HTML
 */
export function pageOf({ id, text }, address) {
  return (hasDoctype(id) ? DOCTYPE : '<html>') + text.replaceAll('evil.test', evilOf(id, address));
}

/**
 * @param {Vector} vector
 * @param {string} address
 * @returns {{ doctype: string, data: string }} the page as a wire document
 */
export function wireOf({ id, text }, address) {
  const names =
    'xmlns="http://www.w3.org/1999/xhtml" xmlns:ls="urn:linksnap:1" xmlns:xlink="http://www.w3.org/1999/xlink"';
  const body = text.replaceAll('evil.test', evilOf(id, address));
  return {
    doctype: hasDoctype(id) ? DOCTYPE : '',
    data: `<html ${names}><head></head><body>${body}</body></html>`,
  };
}

/**
 * @param {string} url
 * @returns {number} the vector that an address speaks of; 0: none
 */
export function idIn(url) {
  return Number(/\/(\d{4})\b/.exec(url)?.[1] ?? 0);
}
