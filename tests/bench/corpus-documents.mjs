/** Manuals, in English and Chinese, as the Debian packages hold them. */

/** @typedef {import('./corpus.mjs').CorpusPage} CorpusPage */

const MAINT_GUIDE = '/deb/maint-guide-zh-cn/usr/share/doc/maint-guide-zh-cn/html';
const APACHE = '/deb/apache2-doc/usr/share/doc/apache2-doc/manual';
const REFERENCE = '/deb/debian-reference-zh-cn/usr/share/doc/debian-reference-zh-cn/docs';

/** @type {CorpusPage[]} */
export const DOCUMENTS = [
  {
    name: 'handbook-zh',
    path: '/deb/debian-handbook/usr/share/doc/debian-handbook/html/zh-CN/sect.virtualization.html',
    packages: ['deb:debian-handbook'],
  },
  {
    name: 'sqlite',
    path: '/deb/sqlite3-doc/usr/share/doc/sqlite3/windowfunctions.html',
    packages: ['deb:sqlite3-doc'],
  },
  {
    name: 'python',
    path: '/deb/python3.11-doc/usr/share/doc/python3.11/html/library/turtle.html',
    packages: ['deb:python3.11-doc'],
  },
  {
    name: 'postgresql',
    path: '/deb/postgresql-doc-15/usr/share/doc/postgresql-doc-15/html/storage-page-layout.html',
    packages: ['deb:postgresql-doc-15'],
  },
  {
    name: 'javadoc',
    path: '/deb/openjdk-17-doc/usr/share/doc/openjdk-17-jre-headless/api/java.base/java/util/Formatter.html',
    packages: ['deb:openjdk-17-doc'],
  },
  {
    name: 'git',
    path: '/deb/git-doc/usr/share/doc/git-doc/giteveryday.html',
    packages: ['deb:git-doc'],
  },
  {
    name: 'maint-guide-gb18030',
    path: `${MAINT_GUIDE}/start.zh-cn.html`,
    packages: ['deb:maint-guide-zh-cn'],
    twists: { [`${MAINT_GUIDE}/start.zh-cn.html`]: { charset: 'gb18030' } },
  },
  {
    name: 'reference-xhtml',
    path: `${REFERENCE}/pr01.zh-cn.html`,
    packages: ['deb:debian-reference-zh-cn'],
    twists: {
      [`${REFERENCE}/pr01.zh-cn.html`]: {
        type: 'application/xhtml+xml',
        replace: [
          [
            /<\/head>/,
            '<style><![CDATA[ body > div { border-left: 4px solid teal; padding-left: 1em } ]]></style></head>',
          ],
        ],
      },
    },
  },
  {
    // The reader has chosen the other one of its style sheets.
    name: 'apache-zh-alternate',
    path: `${APACHE}/zh-cn/logs.html`,
    packages: ['deb:apache2-doc'],
    twists: {
      [`${APACHE}/zh-cn/logs.html`]: {
        replace: [
          [
            /<\/body>/,
            "<script>for (const each of document.querySelectorAll('link[title]')) each.disabled = each.title.startsWith('Main')</script></body>",
          ],
        ],
      },
    },
  },
];
