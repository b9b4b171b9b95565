// Answers while the visitor is still choosing. Without it the button does the same.
(() => {
  const form = document.querySelector(".estimate-form");
  if (!form || !window.fetch) return;
  let asked = null;

  const answer = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(address, { signal: asked.signal })).text(), "text/html");
      document.querySelector("#answer").replaceChildren(...page.querySelector("#answer").childNodes);
      history.replaceState(null, "", address);
    } catch (stopped) {
      if (stopped.name !== "AbortError") form.requestSubmit();
    }
  };

  form.addEventListener("change", answer);
})();
