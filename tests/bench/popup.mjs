// What `make bench` says of the popup: from its opening to the first list, with 10,000 pages stored.
import { startBrowser } from '../browser/browsers.mjs';
import { Port, scratch } from '../host/port.mjs';
import { fill, median, row } from './figures.mjs';

const runs = 11;

for (const name of ['chromium', 'firefox']) {
  const browser = await startBrowser(name);
  const { folder, remove } = scratch();
  const port = new Port(folder, { LINKSNAP_DB: browser.store });
  await port.hello();
  await fill(port, 10_000);
  await port.close();
  const times = [];
  for (let i = 0; i < runs; i++) {
    const popup = await browser.openExtensionPage('popup/popup.html');
    times.push(await popup.waitFor(() => performance.getEntriesByName('list')[0]?.startTime));
    await popup.close();
  }
  row(`popup to its list, 10,000 pages, ${name}`, `${median(times).toFixed(0)} ms`, 'under 100 ms');
  await browser.stop();
  remove();
}
