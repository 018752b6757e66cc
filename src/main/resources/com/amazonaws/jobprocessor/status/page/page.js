'use strict';
// Fetches the page again every two seconds and changes what differs; the page works without.
(() => {
  const EVERY_MS = 2000, PATIENCE_MS = 8000;
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);
  let paused = false, busy = false, heard = new Date(), local = load('zone') === 'local';

  function load(key) {
    try { return localStorage.getItem(key) || ''; } catch { return ''; }
  }

  function store(key, value) {
    try { localStorage.setItem(key, value); } catch { /* then it is forgotten */ }
  }

  function setTheme(theme) {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
  }

  // Before anything is seen.
  setTheme(load('theme'));

  // What stays the same is not touched: focus, scroll and selection stay, and nothing flickers.
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeName !== fresh.nodeName) return void old.replaceWith(fresh);
    if (old.nodeType !== 1) return void (old.data = fresh.data);
    for (const a of [...old.attributes]) if (!fresh.hasAttribute(a.name)) old.removeAttribute(a.name);
    for (const a of fresh.attributes) if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value);
    const olds = [...old.childNodes];
    [...fresh.childNodes].forEach((child, i) => olds[i] ? morph(olds[i], child) : old.append(child));
    olds.slice(fresh.childNodes.length).forEach((child) => child.remove());
  }

  const STYLES = {
    second: { timeStyle: 'medium' }, minute: { timeStyle: 'short' }, day: { dateStyle: 'medium', timeStyle: 'short' },
  };

  function showZone(node) {
    if (local) for (const time of node.querySelectorAll('time')) {
      const style = STYLES[time.className];
      if (style) time.textContent = new Date(time.dateTime).toLocaleString([], style);
    }
  }

  function say(text) {
    if (by('live').textContent !== text) by('live').textContent = text;
  }

  const assets = (page) => [...page.querySelectorAll('link[rel=stylesheet],script')]
    .map((e) => e.getAttribute('href') || e.getAttribute('src')).join();

  function show(page) {
    if (assets(page) !== assets(document)) return location.reload(); // another version answers
    showZone(page);
    for (const fresh of page.querySelectorAll('[data-live]')) {
      const old = by(fresh.id);
      if (old) morph(old, fresh);
    }
    document.title = page.title;
    heard = new Date();
    root.classList.remove('lost');
    say(paused ? 'Paused: press p to go on.' : 'Refreshes every 2 s.');
  }

  function lost() {
    root.classList.add('lost');
    document.title = 'no answer \u2013 job-processor';
    const since = local ? heard.toLocaleTimeString() : heard.toISOString().slice(11, 19) + ' UTC';
    say('No answer since ' + since + ': the worker has stopped, or cannot be reached. ' +
      'These numbers are old. Trying every 2 s.');
  }

  async function refresh() {
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) throw new Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      lost();
    } finally {
      busy = false;
    }
  }

  const typing = () => document.activeElement && document.activeElement.closest('form');

  function tick() {
    if (!document.hidden && !paused && !typing()) refresh();
  }

  function pause() {
    paused = !paused;
    by('pause').setAttribute('aria-pressed', paused);
    say(paused ? 'Paused: press p to go on.' : 'Refreshes every 2 s.');
    tick();
  }

  function nextTheme() {
    const theme = { '': 'dark', dark: 'light', light: '' }[load('theme')] || '';
    store('theme', theme);
    setTheme(theme);
    say('Theme: ' + (theme || 'as the system') + '.');
  }

  function nextZone() {
    local = !local;
    store('zone', local ? 'local' : '');
    by('zone').textContent = local ? 'UTC' : 'Local time';
    refresh();
  }

  const help = () => by('help').open ? by('help').close() : by('help').showModal();
  const KEYS = { r: refresh, p: pause, t: nextTheme, l: nextZone, '?': help };

  function press(event) {
    const busyWith = event.target.closest('input,select,textarea');
    if (event.ctrlKey || event.metaKey || event.altKey || busyWith || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  }

  function start() {
    const buttons = { pause, theme: nextTheme, zone: nextZone, keys: help };
    for (const id of Object.keys(buttons)) {
      by(id).hidden = false;
      by(id).addEventListener('click', buttons[id]);
    }
    by('refresh').addEventListener('click', (event) => { event.preventDefault(); refresh(); });
    if (local) by('zone').textContent = 'UTC';
    document.addEventListener('keydown', press);
    document.addEventListener('visibilitychange', tick);
    showZone(document);
    say('Refreshes every 2 s.');
    setInterval(tick, EVERY_MS);
  }

  document.addEventListener('DOMContentLoaded', start);
})();
