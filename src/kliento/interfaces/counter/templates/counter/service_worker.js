// The till without a network: its page opens and takes scans. Kept: the page as every till gets it, and the files it
// needs. Never an answer about anybody.
{% if sending %}
import { handIn } from "{{ sending }}";

self.addEventListener("sync", (event) => event.waitUntil(handIn("{% url "counter:state" %}", "{% url "counter:scans" %}")));
{% endif %}
const OURS = "kliento-till-";
const KEPT = `${OURS}@version@`;
const SHELL = "{% url "counter:shell" %}";
const PAGE = "{% url "counter:till" %}";
const HERE = { "{% url "counter:keypad" %}": "#keypad", "{% url "counter:settings" %}": "#settings" };
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

{% include "web/kept_page.js" %}
