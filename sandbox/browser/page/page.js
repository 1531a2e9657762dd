'use strict';
// The page: one stream of parts that changed, and one POST for each act.
const $ = (id) => document.getElementById(id);
const parts = ['people', 'sidebar', 'head', 'messages', 'foot', 'thread', 'form', 'world'];
let stream;
let arriving = true;

function me() {
  return document.body.dataset.as;
}

// look opens the stream of what the address says.
function look() {
  if (stream) stream.close();
  arriving = true;
  const q = new URLSearchParams(location.search);
  q.set('as', q.get('as') || me());
  q.set('in', q.get('in') || document.body.dataset.in);
  document.body.dataset.as = q.get('as');
  document.body.dataset.in = q.get('in');
  document.body.classList.toggle('threaded', q.has('thread'));
  stream = new EventSource('/events?' + q);
  stream.onmessage = (e) => show(JSON.parse(e.data));
  stream.onopen = () => document.body.classList.remove('lost');
  stream.onerror = () => document.body.classList.add('lost');
  if (q.get('in') === 'home') act('home', {});
}

function show(changed) {
  const list = $('messages');
  const low = arriving || list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const side = document.querySelector('.side-list');
  const sideLow = !side || side.scrollHeight - side.scrollTop - side.clientHeight < 60;
  for (const name of parts) if (name in changed) graft($(name), changed[name]);
  if (low && document.body.dataset.in !== 'home') list.scrollTop = list.scrollHeight;
  else if (arriving) list.scrollTop = 0;
  const now = document.querySelector('.side-list');
  if (now && sideLow) now.scrollTop = now.scrollHeight;
  if (arriving) {
    jump();
    if (!matchMedia('(max-width: 760px)').matches) $('say')?.focus({preventScroll: true});
  }
  arriving = false;
  $('chaos-toggle').hidden = !$('world').firstElementChild;
  modal();
  const waiting = document.querySelectorAll('.room.new').length;
  document.title = (waiting ? '(' + waiting + ') ' : '') + (document.querySelector('.title h2')?.innerText || '') + ' · muster sandbox';
  document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
}

// modal opens or closes the dialog that holds the form.
function modal() {
  const dialog = $('form');
  const form = dialog.querySelector('form');
  if (form && !dialog.open) dialog.showModal();
  if (!form && dialog.open) dialog.close();
  if (form && dialog.dataset.of !== form.dataset.view) {
    dialog.dataset.of = form.dataset.view;
    (form.querySelector('.form-body input, .form-body textarea, .form-body select') || form.querySelector('button'))?.focus();
  }
  if (!form) delete dialog.dataset.of;
  dialog.querySelector('.wrong input, .wrong textarea, .wrong select')?.scrollIntoView({block: 'nearest'});
}

// jump shows the message that the address names.
function jump() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (!target) return;
  target.scrollIntoView({block: 'center'});
  target.classList.add('found');
  setTimeout(() => target.classList.remove('found'), 2500);
}

function go(href) {
  history.pushState(null, '', href);
  document.body.classList.remove('menu-open');
  look();
}

async function act(name, order) {
  try {
    const answer = await fetch('/do/' + name, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({as: me(), ...order}),
    });
    if (!answer.ok) throw new Error(await answer.text());
    const said = await answer.json();
    if (said.error) toast(said.error);
    return said;
  } catch (e) {
    toast('The sandbox does not answer: ' + e.message);
    return {error: e.message};
  }
}

function toast(words) {
  const t = $('toast');
  t.textContent = words;
  // A popover lies over an open form.
  t.hidePopover();
  t.showPopover();
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => t.hidePopover(), 6000);
}

// spot is where a control stands: in a view, or in a message.
function spot(node) {
  const box = node.closest('[data-view], article');
  return {
    view: box?.dataset.view || '', channel: box?.dataset.channel || '', ts: box?.dataset.ts || '',
    block: node.dataset.block || '', action: node.dataset.element || '',
  };
}

// values are what a field holds.
function values(node) {
  if ('ticks' in node.dataset) return [...node.querySelectorAll('input:checked')].map((i) => i.value);
  if ('external' in node.dataset) {
    const chosen = node.chosen ?? node.dataset.chosen;
    return chosen ? [chosen] : [];
  }
  if (node.multiple) return [...node.selectedOptions].map((o) => o.value);
  return node.value === '' ? [] : [node.value];
}

const controls = '[data-set], [data-ticks], [data-external]';

// sure asks again where the app wants that.
function sure(node) {
  if (!node.dataset.askTitle) return Promise.resolve(true);
  $('ask-title').textContent = node.dataset.askTitle;
  $('ask-text').textContent = node.dataset.askText;
  $('ask-yes').textContent = node.dataset.askYes;
  $('ask-no').textContent = node.dataset.askNo;
  $('ask-yes').className = 'button ' + (node.dataset.askStyle || 'primary');
  const dialog = $('ask');
  dialog.returnValue = 'no';
  dialog.showModal();
  $('ask-yes').focus();
  return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), {once: true}));
}

async function use(node, words) {
  if (!await sure(node)) return;
  node.setAttribute('aria-busy', 'true');
  await act('use', {...spot(node), words});
  node.removeAttribute('aria-busy');
}

function closeMenus(but) {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(but)) menu.open = false;
}

document.addEventListener('click', (e) => {
  const on = (selector) => e.target.closest(selector);
  closeMenus(e.target);
  let node;
  if ((node = on('[data-use]'))) {
    const href = node.getAttribute('href');
    if (href && node.target !== '_blank') {
      e.preventDefault();
      use(node, []).then(() => href !== '#' && go(href));
    } else use(node, node.dataset.words ? [node.dataset.words] : []);
    node.closest('details.menu')?.removeAttribute('open');
  } else if ((node = on('[data-go], .said a[href^="/?"], .home a[href^="/?"], .form-body a[href^="/?"]'))) {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return;
    e.preventDefault();
    const form = node.closest('form[data-view]');
    if (form) act('close', {view: form.dataset.view});
    go(node.getAttribute('href'));
  } else if ((node = on('[data-react]'))) {
    const box = node.closest('article');
    act('react', {channel: box.dataset.channel, ts: box.dataset.ts, words: [node.dataset.react]});
    closeMenus(null);
  } else if ((node = on('[data-pick]'))) {
    const box = node.closest('article');
    act('pick', {channel: box.dataset.channel, ts: box.dataset.ts, words: [node.dataset.pick]});
    closeMenus(null);
  } else if ((node = on('[data-pin]'))) {
    const box = node.closest('article');
    act('pin', {channel: box.dataset.channel, ts: box.dataset.ts});
    closeMenus(null);
  } else if ((node = on('[data-shortcut]'))) {
    act('shortcut', {words: [node.dataset.shortcut]});
    closeMenus(null);
  } else if ((node = on('[data-type]'))) {
    const box = node.closest('form').querySelector('textarea');
    box.value = node.dataset.type;
    box.focus();
    offer(box);
    closeMenus(null);
  } else if ((node = on('[data-join]'))) act('join', {channel: node.dataset.join});
  else if ((node = on('[data-chaos]'))) {
    node.setAttribute('aria-busy', 'true');
    act('chaos', {words: [node.dataset.chaos]}).then(() => node.removeAttribute('aria-busy'));
  } else if ((node = on('[data-close]'))) act('close', {view: node.closest('form').dataset.view});
  else if ((node = on('[data-jump]'))) {
    closeMenus(null);
    setTimeout(jump);
  } else if (on('#burger')) {
    const open = document.body.classList.toggle('menu-open');
    $('burger').setAttribute('aria-expanded', open);
  } else if (on('#chaos-toggle, #chaos-close')) {
    const open = document.body.classList.toggle('breaking');
    $('chaos-toggle').setAttribute('aria-expanded', open);
  } else if (!on('#sidebar')) document.body.classList.remove('menu-open');
});

document.addEventListener('toggle', (e) => {
  if (e.target.matches?.('details.menu') && e.target.open) {
    for (const box of e.target.querySelectorAll('[data-fill]')) box.innerHTML = $(box.dataset.fill)?.innerHTML || '';
    const list = e.target.querySelector('.menu-list');
    list?.classList.toggle('flip', list.getBoundingClientRect().bottom > innerHeight - 8);
  }
}, true);

document.addEventListener('change', (e) => {
  const node = e.target.closest(controls);
  if (!node || 'external' in node.dataset) return;
  const box = node.closest('[data-view], article');
  if (box) use(node, values(node));
});

document.addEventListener('submit', async (e) => {
  const form = e.target;
  if ('say' in form.dataset) {
    e.preventDefault();
    const box = form.querySelector('textarea');
    const text = box.value;
    box.value = '';
    grow(box);
    offer(box);
    $('messages').scrollTop = $('messages').scrollHeight;
    const said = await act('say', {channel: form.dataset.channel, ts: form.dataset.ts || '', words: [text]});
    if (said.error && !box.value) box.value = text;
  } else if ('submit' in form.dataset) {
    e.preventDefault();
    const fields = [...form.querySelectorAll('.b-input')].flatMap((b) => [...b.querySelectorAll(controls)])
      .map((node) => ({...spot(node), words: values(node)}));
    const button = form.querySelector('[type=submit]');
    button?.setAttribute('aria-busy', 'true');
    await act('submit', {view: form.dataset.view, fields});
    button?.removeAttribute('aria-busy');
  }
});

$('form').addEventListener('cancel', (e) => {
  e.preventDefault();
  const form = $('form').querySelector('form');
  if (form) act('close', {view: form.dataset.view});
});

function grow(box) {
  box.rows = Math.min(8, box.value.split('\n').length);
}

// offer shows the commands that begin as what is typed.
function offer(box) {
  const list = box.form.querySelector('.offers');
  if (!list) return;
  const name = box.dataset.command || '';
  const typed = box.value;
  list.hidden = !typed.startsWith('/') || typed.includes('\n') || !(name + ' ').startsWith(typed.slice(0, name.length + 1));
  if (list.hidden) return;
  list.replaceChildren();
  const line = document.createElement('div');
  const bold = document.createElement('b');
  bold.textContent = name;
  const hint = document.createElement('span');
  hint.textContent = ' ' + (box.dataset.hint || '');
  const about = document.createElement('small');
  about.textContent = box.dataset.about || '';
  line.append(bold, hint, about);
  list.append(line);
}

let asked = 0;

// search asks the app what an external menu offers.
async function search(box) {
  const mine = ++asked;
  const said = await act('suggest', {...spot(box), words: [box.value]});
  if (mine !== asked || document.activeElement !== box) return;
  const list = $(box.getAttribute('aria-controls'));
  list.replaceChildren();
  (said.options || []).forEach((o, n) => {
    const line = document.createElement('div');
    line.setAttribute('role', 'option');
    line.id = list.id + '-' + n;
    line.textContent = o.words;
    line.dataset.send = o.send;
    list.append(line);
  });
  if (!list.firstChild) list.textContent = 'Nothing found';
  list.hidden = false;
  box.setAttribute('aria-expanded', 'true');
}

function fold(box) {
  $(box.getAttribute('aria-controls')).hidden = true;
  box.setAttribute('aria-expanded', 'false');
}

function choose(box, option) {
  box.value = option.textContent;
  box.chosen = option.dataset.send;
  fold(box);
  use(box, values(box));
}

document.addEventListener('focusin', (e) => {
  if (e.target.matches('[data-external]')) search(e.target);
});
document.addEventListener('focusout', (e) => {
  if (e.target.matches('[data-external]')) setTimeout(() => fold(e.target), 150);
});
document.addEventListener('mousedown', (e) => {
  const option = e.target.closest('.external-list [role=option]');
  if (!option) return;
  e.preventDefault();
  choose(option.closest('.external').querySelector('input'), option);
});
document.addEventListener('input', (e) => {
  if (e.target.matches('.composer textarea')) {
    grow(e.target);
    offer(e.target);
  }
  if (e.target.matches('[data-external]')) {
    e.target.chosen = '';
    clearTimeout(search.timer);
    search.timer = setTimeout(() => search(e.target), 120);
  }
});

let shifted = false;
document.addEventListener('beforeinput', (e) => {
  // Enter sends; only with Shift it makes a line.
  if (e.inputType === 'insertLineBreak' && !shifted && e.target.matches('.composer textarea')) e.preventDefault();
});

document.addEventListener('keydown', (e) => {
  const t = e.target;
  shifted = e.shiftKey;
  if (t.matches('.composer textarea') && e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    t.form.requestSubmit();
  } else if (t.matches('[data-external]')) {
    const list = $(t.getAttribute('aria-controls'));
    const options = [...list.querySelectorAll('[role=option]')];
    let n = options.findIndex((o) => o.getAttribute('aria-selected') === 'true');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      n = (n + (e.key === 'ArrowDown' ? 1 : -1) + options.length) % options.length;
      options.forEach((o, i) => o.setAttribute('aria-selected', String(i === n)));
      t.setAttribute('aria-activedescendant', options[n]?.id || '');
      options[n]?.scrollIntoView({block: 'nearest'});
    } else if (e.key === 'Enter' && !list.hidden) {
      e.preventDefault();
      if (options.length) choose(t, options[Math.max(n, 0)]);
    }
  } else if (t.matches('.form-body input:not([type=radio]):not([type=checkbox])') && e.key === 'Enter') {
    e.preventDefault();
    t.closest('form').requestSubmit();
  } else if (e.key === 'Escape') {
    const menu = t.closest?.('details.menu[open]');
    closeMenus(null);
    menu?.querySelector('summary')?.focus();
    document.body.classList.remove('menu-open');
  } else if (['ArrowDown', 'ArrowUp'].includes(e.key) && t.closest?.('details.menu[open], #sidebar')) {
    const all = [...t.closest('details.menu, #sidebar').querySelectorAll('summary, a, button')].filter((n) => n.offsetParent);
    const next = all[all.indexOf(t) + (e.key === 'ArrowDown' ? 1 : -1)];
    if (next) {
      e.preventDefault();
      next.focus();
    }
  }
});

addEventListener('popstate', look);
look();
