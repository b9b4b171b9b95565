// Shows script and cost while one fills a form in, and follows a job while it is not over.
// Without it a button and a link do the same.
(() => {
  const read = async (address, options) =>
    new DOMParser().parseFromString(await (await fetch(address, options)).text(), "text/html");

  const form = document.querySelector(".job-form");
  const answer = document.querySelector("#answer");
  const said = document.querySelector("#said");
  let asked = null;

  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    body.set("verb", "look");
    try {
      const page = await read(form.action, { method: "POST", body, signal: asked.signal });
      const found = page.querySelector("#answer");
      if (!found) return;
      answer.replaceChildren(...found.childNodes);
      const heard = answer.querySelectorAll(".tile-main, #answer-against");
      said.textContent = [...heard].map((part) => part.textContent.replace(/\s+/g, " ").trim()).join(". ");
    } catch (stopped) {
      if (stopped.name !== "AbortError") answer.replaceChildren();
    }
  };

  form?.addEventListener("change", look);

  const PAUSE = 2000;
  const AFTER_FAILURE = 10000;
  const live = document.querySelector("#live");

  // Whoever reads the end of a log stays there; whoever has gone back in it is left where they are.
  const atEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const named = (part) => part.getAttribute("aria-labelledby");

  const tell = () => live.querySelectorAll(".follow-note").forEach((note) => note.removeAttribute("hidden"));

  const renew = (found) => {
    const held = document.activeElement?.matches("pre.log") ? named(document.activeElement) : null;
    const places = new Map([...live.querySelectorAll("pre.log")].map((log) => [named(log), atEnd(log) ? null : log.scrollTop]));
    const opened = [...live.querySelectorAll("details")].map((part) => part.open);
    live.toggleAttribute("data-open", found.hasAttribute("data-open"));
    live.replaceChildren(...found.childNodes);
    tell();
    live.querySelectorAll("details").forEach((part, index) => {
      part.open = opened[index] ?? part.open;
    });
    live.querySelectorAll("pre.log").forEach((log) => {
      log.scrollTop = places.get(named(log)) ?? log.scrollHeight;
      if (held === named(log)) log.focus();
    });
  };

  const follow = async () => {
    let pause = PAUSE;
    try {
      const found = (await read(location.href)).querySelector("#live");
      // A button that has the focus would be taken from under the finger.
      const busy = live.contains(document.activeElement) && !document.activeElement.matches("pre.log");
      if (found && !busy) renew(found);
    } catch {
      pause = AFTER_FAILURE;
    }
    if (live.hasAttribute("data-open")) setTimeout(follow, pause);
  };

  if (live) {
    live.querySelectorAll("pre.log").forEach((log) => {
      log.scrollTop = log.scrollHeight;
    });
    if (live.hasAttribute("data-open")) {
      tell();
      setTimeout(follow, PAUSE);
    }
  }
})();
