'use strict';
// Keys, and what is said when the live part has lost the boss. The pages work without.
(() => {
  const by = (id) => document.getElementById(id);
  const help = by('help'), keys = by('keys');

  function toggleHelp() {
    if (help.open) help.close(); else help.showModal();
  }

  keys.hidden = false;
  keys.addEventListener('click', toggleHelp);

  // j and k go from row to row, by the first link of each.
  function move(by) {
    const links = [...document.querySelectorAll('[data-rows] tbody tr')]
      .map((row) => row.querySelector('a')).filter(Boolean);
    if (!links.length) return;
    const row = document.activeElement && document.activeElement.closest('[data-rows] tbody tr');
    const at = links.findIndex((link) => row && row.contains(link));
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  }

  function search() {
    const field = document.querySelector('[data-search]');
    if (!field) return false;
    field.focus();
    if (field.select) field.select();
    return true;
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('input,select,textarea')) return;
    if (event.key === '?') toggleHelp();
    else if (help.open) return;
    else if (event.key === '/') { if (!search()) return; }
    else if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else return;
    event.preventDefault();
  });

  // What stays the same is not touched: focus, selection and scrolling stay, and nothing flickers.
  function morph(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeName !== fresh.nodeName) return void old.replaceWith(fresh);
    if (old.nodeType !== 1) return void (old.data = fresh.data);
    for (const a of [...old.attributes]) if (!fresh.hasAttribute(a.name)) old.removeAttribute(a.name);
    for (const a of fresh.attributes) if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value);
    children(old, fresh);
  }

  function children(old, fresh) {
    const olds = [...old.childNodes], all = [...fresh.childNodes];
    all.forEach((child, i) => olds[i] ? morph(olds[i], child) : old.append(child));
    olds.slice(all.length).forEach((child) => child.remove());
  }

  // The live part: greyed when no news has come for a while, whoever is to blame for it.
  const live = document.querySelector('[sse-connect]'), line = by('live');
  if (!live || !line) return;
  const PATIENCE_MS = 8000, HIDDEN_MS = 30000;
  let heard = Date.now(), over = false, source = null, hidden = 0;
  const say = (text) => { if (line.textContent !== text) line.textContent = text; };

  htmx.createEventSource = (url) => {
    if (source) source.close();
    source = new EventSource(url);
    return source;
  };

  document.body.addEventListener('htmx:sseBeforeMessage', (event) => {
    event.preventDefault();
    const page = new DOMParser().parseFromString('<main>' + event.detail.data + '</main>', 'text/html');
    children(live, page.querySelector('main'));
    heard = Date.now();
    live.classList.remove('lost');
    say('Refreshes by itself.');
  });

  document.body.addEventListener('htmx:sseClose', () => {
    over = true;
    live.classList.add('lost');
    say('You are signed out: these numbers are old. Reload the page to sign in.');
  });

  // A browser has six connections to a server, and this page keeps one: not while nobody looks at it.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(() => source && source.close(), HIDDEN_MS);
    else if (source && source.readyState === EventSource.CLOSED && !over) location.reload();
  });

  setInterval(() => {
    if (over || document.hidden || Date.now() - heard < PATIENCE_MS) return;
    live.classList.add('lost');
    say('No news for ' + Math.round((Date.now() - heard) / 1000) + ' s: these numbers are old. Trying again.');
  }, 1000);
})();
