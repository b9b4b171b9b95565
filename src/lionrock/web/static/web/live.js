// Looks again by itself, while the page can be seen and nobody is in the middle of it.
// Without it a link does the same.
(() => {
  const live = document.querySelector("#live[data-again]");
  if (!live) return;
  const pause = Number(live.dataset.again) * 1000;

  const look = async () => {
    try {
      if (!document.hidden && !live.contains(document.activeElement)) {
        const answer = await fetch(location.href);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const found = page.querySelector("#live[data-again]");
        if (found) live.replaceChildren(...found.childNodes);
      }
    } catch {
      // The network is away; the page says itself of when it is.
    }
    setTimeout(look, pause);
  };

  setTimeout(look, pause);
})();
