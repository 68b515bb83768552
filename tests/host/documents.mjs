// Documents that are no web pages, each as small as its kind allows.

/** A PDF with one page of text. @param {string} text in ASCII @param {string} [unicode] Han, shown beside it */
export function pdf(text, unicode = '') {
  const hex = Buffer.from(unicode, 'utf16le').swap16().toString('hex');
  const stream = `BT /F1 18 Tf 40 700 Td (${text}) Tj ET\nBT /F2 18 Tf 40 660 Td <${hex}> Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R' +
      ' /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [7 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light' +
      ' /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 8 0 R >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900]' +
      ' /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** A ZIP archive with one stored file. @param {string} name @param {string} text */
export function zip(name, text) {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt32LE(text.length, 18);
  head.writeUInt32LE(text.length, 22);
  head.writeUInt16LE(name.length, 26);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  return Buffer.concat([head, Buffer.from(name), Buffer.from(text), end]);
}

/** The beginning of an MP3 file, with its tag. */
export const mp3 = Buffer.concat([
  Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00', 'latin1'),
  Buffer.from([0xff, 0xfb, 0x90, 0x64]),
  Buffer.alloc(413),
]);

/** The beginning of an MP4 file. */
export const mp4 = Buffer.concat([
  Buffer.from('\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42', 'latin1'),
  Buffer.from('\x00\x00\x00\x08free', 'latin1'),
  Buffer.alloc(64),
]);

export const rss = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>每周一读</title><link>http://127.0.0.1/</link><description>A feed</description>
<item><title>第一期：光明图书馆</title><link>http://127.0.0.1/1</link><description>&lt;p&gt;儿童友好的&lt;b&gt;阅读&lt;/b&gt;&lt;/p&gt;</description></item>
<item><title>Second issue</title><link>http://127.0.0.1/2</link><description>Nothing new</description></item></channel></rss>`;

export const atom = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Atoms and bits</title><id>urn:x</id><updated>2026-01-01T00:00:00Z</updated>
<entry><title>Quarks explained</title><id>urn:y</id><updated>2026-01-01T00:00:00Z</updated><link href="http://127.0.0.1/q"/><summary>Strange and charmed</summary></entry></feed>`;

/** What a browser writes with "Save as: web page, one file". @param {string} url @param {Buffer} image */
export function mhtml(url, image) {
  const html =
    '<!DOCTYPE html><html><head><meta charset=3D"utf-8"><title>=E5=AD=98=E6=A1=A3</title></head>' +
    '<body><p>=E5=AD=98=E4=B8=8B=E6=9D=A5=E7=9A=84=E7=BD=91=E9=A1=B5 kept in one file</p><img src=3D"=\r\n' +
    'pictures/i.png"></body></html>';
  const boundary = '----MultipartBoundary--x----';
  return [
    'From: <Saved by Blink>',
    `Snapshot-Content-Location: ${url}`,
    'Subject: =?utf-8?Q?=E5=AD=98=E6=A1=A3?=',
    'Date: Thu, 1 Jan 2026 10:00:00 -0000',
    'MIME-Version: 1.0',
    `Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="${boundary}"`,
    '',
    '',
    `--${boundary}`,
    'Content-Type: text/html',
    'Content-Transfer-Encoding: quoted-printable',
    `Content-Location: ${url}`,
    '',
    html,
    `--${boundary}`,
    'Content-Type: image/png',
    'Content-Transfer-Encoding: base64',
    `Content-Location: ${new URL('pictures/i.png', url)}`,
    '',
    image.toString('base64'),
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

/** The head of what SingleFile writes. @param {string} url */
export const singleFile = (url) => `<!DOCTYPE html> <html lang=zh><!--
 Page saved with SingleFile 
 url: ${url} 
 saved date: Thu Jan 01 2026 10:00:00 GMT+0800 (China Standard Time)
--><meta charset=utf-8>
<title>单个文件</title><body><p>一个文件里的网页<img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7">`;
