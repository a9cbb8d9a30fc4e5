// Opens a report of `tricep check --format html=FILE` in headless Chromium and asks what a person needs of
// it: `node check.mjs FILE`. CHROMIUM names another browser than /usr/bin/chromium.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 360, height: 780 } });
const trouble = [];
page.on('pageerror', (error) => trouble.push(`script error: ${error}`));
page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
page.on('request', (request) => {
  if (!/^(file|data):/.test(request.url())) trouble.push(`a request to ${request.url()}`);
});
await page.goto(pathToFileURL(process.argv[2]).href);

const findings = page.locator('details.finding');
const total = await findings.count();
assert.ok(total > 0, 'the report has findings');
const width = await page.evaluate(() => document.documentElement.scrollWidth);
assert.ok(width <= 360, `the page is ${width} px wide on a screen of 360 px`);

// Passes are left out at first; every filter changes what is shown.
const shown = () => findings.locator('visible=true').count();
const before = await shown();
assert.ok(before < total, 'passes are left out at first');
await page.getByLabel('pass').check();
assert.equal(await shown(), total, 'all are shown when every outcome is asked for');
await page.getByLabel('fail').uncheck();
assert.ok((await shown()) < total, 'failures can be left out');
await page.getByLabel('fail').check();
const rule = await page.locator('select[name=rule] option').nth(1).textContent();
await page.getByLabel('Rule').selectOption(rule);
const ofRule = await page.locator(`details.finding[data-rule="${rule}"]`).count();
assert.equal(await shown(), ofRule, 'one rule can be chosen');
await page.getByLabel('Rule').selectOption('');
await page.getByLabel('Text').fill('no text holds this');
assert.equal(await shown(), 0, 'words filter');
await page.getByLabel('Text').fill('');

// The tabulator reaches every finding, and Enter opens and closes it.
const reached = new Set();
await page.locator('input[name=outcome]').first().focus();
for (let step = 0; step < 20 * total + 100 && reached.size < total; step += 1) {
  await page.keyboard.press('Tab');
  const place = await page.evaluate(() =>
    [...document.querySelectorAll('details.finding > summary')].indexOf(document.activeElement));
  if (place < 0 || reached.has(place)) continue;
  const isOpen = () => page.evaluate((n) => document.querySelectorAll('details.finding')[n].open, place);
  const was = await isOpen();
  await page.keyboard.press('Enter');
  assert.notEqual(await isOpen(), was, 'Enter opens or closes a finding');
  await page.keyboard.press('Enter');
  reached.add(place);
}
assert.equal(reached.size, total, 'every finding is reached by keyboard');

// Light and dark differ.
const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
await page.emulateMedia({ colorScheme: 'light' });
const light = await back();
await page.emulateMedia({ colorScheme: 'dark' });
assert.notEqual(await back(), light, 'dark is another colour than light');

assert.deepEqual(trouble, []);
await browser.close();
console.log(`${total} findings: all can be reached, filtered and read`);
