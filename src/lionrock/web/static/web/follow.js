// Follows a page while what it shows is not over. Without it a link does the same.
(() => {
  const read = async (address) => new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");

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
