// "Share 2 details": the button says how many would be shared, as boxes are ticked. Bound by [data-counted] on a form.

for (const form of document.querySelectorAll("[data-counted]")) {
  const button = form.querySelector("[data-counted-button]");
  if (button === null) continue;
  const words = button.querySelector("span");
  const tell = () => {
    const count = Number(button.dataset.needed) + form.querySelectorAll("input[type=checkbox]:checked").length;
    const { none, one, many } = button.dataset;
    words.textContent = [none, one][count] ?? many.replace("{count}", count);
  };
  form.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  tell();
}
