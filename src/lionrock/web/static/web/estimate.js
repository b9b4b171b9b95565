// Answers while the visitor is still choosing. Without it the button does the same.
(() => {
  const form = document.querySelector(".estimate-form");
  const place = document.querySelector("#answer");
  const said = document.querySelector("#said");
  if (!form || !place || !window.fetch) return;
  let asked = null;

  const forget = () => {
    form.querySelectorAll(".notice, .field-fault").forEach((told) => told.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    });
  };

  const show = (page) => {
    forget();
    const wrong = page.querySelector(".estimate-form .notice");
    place.replaceChildren(...(wrong ? [wrong] : page.querySelector("#answer").childNodes));
    // Whoever listens is told the verdict and what they pay, and reads the rest when they want to.
    const heard = place.querySelectorAll(".notice p, #verdict, .tile-main");
    said.textContent = [...heard].map((part) => part.textContent.replace(/\s+/g, " ").trim()).join(". ");
  };

  const answer = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    try {
      const text = await (await fetch(address, { signal: asked.signal })).text();
      show(new DOMParser().parseFromString(text, "text/html"));
      history.replaceState(null, "", address);
    } catch (stopped) {
      if (stopped.name !== "AbortError") form.requestSubmit();
    }
  };

  form.addEventListener("change", answer);
})();
