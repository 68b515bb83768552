/** What this page does after it was loaded: none of it can be had by fetching the page again. */

const style = getComputedStyle(document.documentElement);
const color = (name) => style.getPropertyValue(name).trim();

function drawChart() {
  const canvas = document.getElementById('chart');
  const context = canvas.getContext('2d');
  const { width, height } = canvas;
  const left = 70;
  const bottom = height - 50;
  context.font = '22px sans-serif';
  context.lineWidth = 1;
  context.fillStyle = color('--soft');
  context.strokeStyle = color('--line');
  for (let i = 0; i <= 4; i++) {
    const y = bottom - i * 100;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(width - 30, y);
    context.stroke();
    context.fillText(String(60 + i * 10), 22, y + 8);
  }
  const line = (stroke, valueAt) => {
    context.beginPath();
    for (let month = 0; month <= 24; month++) {
      context.lineTo(left + (month / 24) * (width - left - 40), bottom - (valueAt(month) - 60) * 10);
    }
    context.strokeStyle = stroke;
    context.lineWidth = 6;
    context.lineJoin = 'round';
    context.stroke();
  };
  line('#2f6f9f', (month) => 100 - month * 1.15 - 1.6 * Math.sin(month / 2.3));
  line('#e08a3c', () => 100);
}

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; margin: 26px 0; }
  .box { display: flex; gap: 18px; align-items: center; padding: 16px 20px; border-radius: 14px;
    background: linear-gradient(100deg, var(--lamp), transparent); border: 1px solid var(--line); }
  img { width: 58px; }
  b { font-size: 1.4rem; color: var(--rust); }
  p { margin: 0; font-size: .9rem; line-height: 1.55; }
`);

class ReadingCard extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement('div');
    box.className = 'box';
    const picture = document.createElement('img');
    picture.src = '/images/ornament-5.svg';
    const text = document.createElement('p');
    const count = document.createElement('b');
    count.textContent = '2,046';
    text.append('馆里现在有 ', count, ' 张快照，最早的一张是一份车站时刻表。');
    box.append(picture, text);
    root.append(box);
  }
}

async function addRelated() {
  const answer = await fetch('/api/related.json');
  const list = document.getElementById('related');
  for (const { title, text, url, image } of await answer.json()) {
    const item = document.createElement('li');
    const picture = document.createElement('img');
    const words = document.createElement('div');
    const heading = document.createElement('h3');
    const link = document.createElement('a');
    const line = document.createElement('p');
    picture.src = image;
    link.href = url;
    link.textContent = title;
    line.textContent = text;
    heading.append(link);
    words.append(heading, line);
    item.append(picture, words);
    list.append(item);
    await picture.decode();
  }
  list.removeAttribute('aria-busy');
}

customElements.define('reading-card', ReadingCard);
drawChart();
document.getElementById('how').open = true;
const form = document.getElementById('letter');
form.elements.name.value = '林灯';
form.elements.page.selectedIndex = 1;
form.elements.text.value = '请把后院那一页也存下来。\n谢谢！';
form.elements.reply.checked = true;
// Rules that stand in no text: a style sheet as libraries write it.
const late = document.createElement('style');
document.head.append(late);
late.sheet.insertRule('.comments b { color: var(--blue); letter-spacing: 1px; }');
await addRelated();
document.body.dataset.ready = '';
