// Times as people write them in the language of the page.

export function timeOf(at) {
  const { lang } = document.documentElement;
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { hour: "numeric", minute: "2-digit" }).format(at);
}
