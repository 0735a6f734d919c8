// The person's pages without a network: the card page opens and shows the codes waiting on this phone.
// Kept: the card page as everybody gets it (no codes, no names in it), and the files it needs. Never a personal page.

const OURS = "kliento-card-";
const KEPT = `${OURS}@version@`;
const SHELL = "{% url "person:card_shell" %}";
const PAGE = "{% url "person:card" %}";
const HERE = {};
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

{% include "web/kept_page.js" %}
