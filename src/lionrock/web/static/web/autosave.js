/* Saves a form as it is written. Without this script the form's own buttons save it.

   The form names in data-save where its fields go. Each field has a companion input "read:KEY" that
   tells which version of the text was read; the server answers with a new one, or, when somebody
   else changed the field meanwhile, with both texts, and then that field waits until one is chosen.
   What could not be sent is kept in this browser until it is. Sentences come from the page. */

"use strict";

(() => {
  const form = document.querySelector("form[data-save]");
  if (!form) return;

  const PAUSE = 800; // milliseconds without a key before what was typed is sent
  const RETRY = 4000; // milliseconds before a failed sending is tried again
  const KEEPALIVE_LIMIT = 60000; // bytes that a browser still sends when its page is closed

  const status = document.getElementById("save-status");
  const say = form.dataset;
  const shelf = `lionrock:${say.author}:${say.save}`;
  const changed = new Set(); // keys to be sent
  const sent = new Map(); // key → text that was sent and not yet answered
  const held = new Set(); // keys with two texts, of which none is chosen yet
  const untold = new Map(); // key → fault of a field in which somebody still writes
  let timer = 0;
  let sending = null;

  /* Fields ------------------------------------------------------------------------------------ */

  const boxes = (key) => [...form.elements].filter((each) => each.name === key);
  const readOf = (key) => form.elements[`read:${key}`];

  function valueOf(key) {
    const all = boxes(key);
    if ("flag" in all[0].dataset) return all[0].checked ? all[0].value : "";
    if (all[0].type === "checkbox") return all.filter((each) => each.checked).map((each) => each.value);
    if (all[0].type === "radio") return all.find((each) => each.checked)?.value ?? "";
    return all[0].value;
  }

  function put(key, value) {
    for (const box of boxes(key)) {
      if (box.type === "checkbox") box.checked = value.includes(box.value);
      else if (box.type === "radio") box.checked = box.value === value;
      else box.value = value;
      if ("count" in box.dataset) count(box);
    }
  }

  /* Telling ----------------------------------------------------------------------------------- */

  function tell(sentence, trouble = false) {
    if (status.textContent !== sentence) status.textContent = sentence;
    status.classList.toggle("save-trouble", trouble);
  }

  function showFault(key, sentence) {
    const place = document.getElementById(`${key}-fault`);
    if (!place) return;
    untold.delete(key);
    if (sentence && boxes(key).includes(document.activeElement)) {
      untold.set(key, sentence);
      return;
    }
    place.textContent = sentence;
    place.hidden = !sentence;
    for (const box of boxes(key)) {
      if (sentence) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    }
  }

  function showConflict(key, conflict) {
    const place = document.getElementById(`${key}-conflict`);
    held.add(key);
    place.hidden = false;
    place.querySelector(".conflict-said").textContent = conflict.said;
    place.querySelector(".conflict-theirs").textContent = conflict.shown;
    const choose = (value) => (click) => {
      click.preventDefault();
      put(key, value ?? valueOf(key));
      readOf(key).value = conflict.read;
      held.delete(key);
      place.hidden = true;
      note(key);
      boxes(key)[0].focus();
    };
    place.querySelector("[data-choose=theirs]").onclick = choose(conflict.value);
    place.querySelector("[data-choose=mine]").onclick = choose(null);
  }

  /* Keeping what could not be sent -------------------------------------------------------------- */

  const change = (key) => ({ key, value: valueOf(key), read: readOf(key).value, sent: sent.get(key) ?? null });

  function shelve() {
    const left = [...new Set([...changed, ...sent.keys()])].map(change);
    try {
      if (left.length) localStorage.setItem(shelf, JSON.stringify(left));
      else localStorage.removeItem(shelf);
    } catch {
      // This browser keeps nothing for us; the fields themselves still hold the text.
    }
  }

  function unshelve() {
    let kept = [];
    try {
      kept = JSON.parse(localStorage.getItem(shelf) ?? "[]");
    } catch {
      return;
    }
    for (const each of kept) {
      if (!readOf(each.key) || JSON.stringify(valueOf(each.key)) === JSON.stringify(each.value)) continue;
      put(each.key, each.value);
      readOf(each.key).value = each.read;
      if (each.sent !== null) sent.set(each.key, each.sent);
      note(each.key);
    }
    if (changed.size) tell(say.restored);
    else shelve();
  }

  /* Sending ----------------------------------------------------------------------------------- */

  function note(key) {
    changed.add(key);
    shelve();
    wait(PAUSE);
  }

  function wait(time) {
    clearTimeout(timer);
    timer = setTimeout(send, time);
  }

  /* Sends what has changed; the promise gives true unless the connection is lost. */
  async function send(leaving = false) {
    if (sending && !leaving) await sending;
    const keys = [...changed].filter((key) => !held.has(key));
    if (!keys.length) return true;
    clearTimeout(timer);
    const body = JSON.stringify({ changes: keys.map(change), here: location.pathname });
    keys.forEach((key) => {
      changed.delete(key);
      sent.set(key, valueOf(key));
    });
    if (!leaving) tell(say.saving);
    sending = post(body, keys, leaving);
    const reached = await sending;
    sending = null;
    shelve();
    return reached;
  }

  async function post(body, keys, leaving) {
    try {
      const answer = await fetch(say.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body,
        redirect: "manual",
        keepalive: leaving && new Blob([body]).size < KEEPALIVE_LIMIT,
      });
      if (answer.ok) took(await answer.json());
      else refused(keys, answer);
      return true;
    } catch {
      keys.forEach((key) => changed.add(key));
      tell(say.offline, true);
      wait(RETRY);
      return false;
    }
  }

  function refused(keys, answer) {
    keys.forEach((key) => changed.add(key));
    const signedOut = answer.type === "opaqueredirect" || answer.status === 403;
    tell(signedOut ? say.signedOut : say.refused, true);
  }

  function took(told) {
    for (const [key, answer] of Object.entries(told.answers)) {
      sent.delete(key);
      if (answer.conflict) {
        changed.add(key);
        showConflict(key, answer.conflict);
        continue;
      }
      readOf(key).value = answer.read;
      if (!changed.has(key)) showFault(key, answer.fault);
    }
    for (const [id, html] of Object.entries(told.fragments)) {
      const place = document.getElementById(id);
      if (place && !place.contains(document.activeElement)) place.innerHTML = html;
    }
    const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    if (held.size) tell(say.conflict, true);
    else tell(say.saved.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, hour)));
  }

  /* Counting ---------------------------------------------------------------------------------- */

  const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303f\ufe30-\ufe4f\uff01-\uff60]/gu;

  /* Counts as the server does: each character of Chinese, and each run of others between blanks. */
  function count(box) {
    const place = document.getElementById(`${box.id}-count`);
    const wide = (box.value.match(WIDE) ?? []).length;
    const all = wide + box.value.replace(WIDE, " ").split(/\s+/).filter(Boolean).length;
    const { words, characters, saidWords, saidCharacters } = box.dataset;
    const inChinese = !words || (characters && wide * 2 > all);
    place.textContent = (inChinese ? saidCharacters : saidWords).replace("{count}", all);
    place.classList.toggle("field-over", all > Number(inChinese ? characters : words));
  }

  /* Listening --------------------------------------------------------------------------------- */

  form.addEventListener("input", ({ target }) => {
    if (readOf(target.name)) note(target.name);
    if ("count" in target.dataset) count(target);
  });
  form.addEventListener("focusout", ({ target }) => {
    if (untold.has(target.name)) showFault(target.name, untold.get(target.name));
    send();
  });
  form.addEventListener("submit", async (event) => {
    if (!changed.size && !sending) return;
    event.preventDefault();
    const { submitter } = event;
    if (!(await send())) return;
    changed.clear();
    shelve();
    form.requestSubmit(submitter);
  });
  window.addEventListener("online", () => send());
  window.addEventListener("pagehide", () => send(true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send(true);
  });

  form.querySelectorAll("[data-count]").forEach(count);
  unshelve();
})();
