'use strict';
// graft(place, html) makes the children of place what html says and keeps every
// node that stays the same one: its focus, its scroll position, what was typed
// into it, whether it is open. Nodes are the same when their data-key is, or,
// without one, when they follow in order with the same name. What the page's own
// script filled (data-mine) is left alone.
function graft(place, html) {
  const wanted = document.createElement('template');
  wanted.innerHTML = html;
  children(place, wanted.content);

  function key(node) {
    return node.nodeType === 1 ? node.dataset.key || node.id : '';
  }

  function same(a, b) {
    return a.nodeName === b.nodeName && key(a) === key(b);
  }

  function children(old, fresh) {
    const keyed = new Map();
    for (const node of old.childNodes) if (key(node)) keyed.set(key(node), node);
    let at = old.firstChild;
    for (const want of [...fresh.childNodes]) {
      let found = key(want) ? keyed.get(key(want)) : null;
      if (found && found.nodeName !== want.nodeName) found = null;
      if (!found && at && same(at, want)) found = at;
      if (!found) {
        old.insertBefore(want, at);
        continue;
      }
      if (found === at) at = at.nextSibling;
      else old.insertBefore(found, at);
      node(found, want);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  function node(old, want) {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== want.nodeValue) old.nodeValue = want.nodeValue;
      return;
    }
    attributes(old, want);
    if (old.nodeName === 'TEMPLATE') old.innerHTML = want.innerHTML;
    else if (old.nodeName === 'TEXTAREA') {
      if (old.defaultValue !== want.defaultValue) old.value = old.defaultValue = want.defaultValue;
    } else if (!('mine' in old.dataset)) children(old, want);
  }

  function attributes(old, want) {
    for (const a of [...old.attributes]) {
      // Whether a menu is open, and a button busy, is the page's own business.
      if (!want.hasAttribute(a.name) && a.name !== 'open' && a.name !== 'hidden' && a.name !== 'aria-busy') {
        old.removeAttribute(a.name);
        if (a.name === 'checked') old.checked = false;
        if (a.name === 'selected') old.selected = false;
      }
    }
    for (const a of want.attributes) {
      if (old.getAttribute(a.name) === a.value) continue;
      if (a.name === 'open' && old.nodeName === 'DETAILS' || a.name === 'aria-expanded') continue;
      if (a.name === 'hidden' && 'mine' in old.dataset) continue;
      old.setAttribute(a.name, a.value);
      if (a.name === 'value' && old.nodeName === 'INPUT' && old.type !== 'radio' && old.type !== 'checkbox') old.value = a.value;
      if (a.name === 'checked') old.checked = true;
      if (a.name === 'selected') old.selected = true;
    }
  }
}
