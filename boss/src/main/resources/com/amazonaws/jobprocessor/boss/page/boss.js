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

  // The live part: greyed when no news has come for a while, whoever is to blame for it.
  const live = document.querySelector('[sse-connect]'), line = by('live');
  if (live && line) {
    const PATIENCE_MS = 8000;
    let heard = Date.now();
    const say = (text) => { if (line.textContent !== text) line.textContent = text; };
    document.body.addEventListener('htmx:sseMessage', () => {
      heard = Date.now();
      live.classList.remove('lost');
      say('Live: refreshes by itself.');
    });
    setInterval(() => {
      if (Date.now() - heard < PATIENCE_MS) return;
      live.classList.add('lost');
      say('No news for ' + Math.round((Date.now() - heard) / 1000) + ' s: these numbers are old. Trying again.');
    }, 1000);
  }
})();
