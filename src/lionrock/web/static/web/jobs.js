// Shows script and cost while one fills a form in. Without it a button does the same.
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
})();
