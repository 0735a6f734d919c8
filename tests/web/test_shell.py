"""The frame of every page: nothing inline, the register holder at its foot, languages that work without scripts."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

import kliento
from kliento.domain.policy.queries import register
from tests.phone import text_of

SOURCES = Path(kliento.__file__).parent
TEMPLATES = sorted(SOURCES.glob("**/templates/**/*.html"))
STYLES = sorted(SOURCES.glob("**/static/**/*.css"))
SCRIPTS = [path for path in sorted(SOURCES.glob("**/static/**/*.js")) if "vendor" not in path.parts]
PUBLIC = ["/", "/help", "/terms", "/register-description", "/accessibility", "/sign-in/me/", "/nowhere"]


@pytest.fixture
def client(db) -> Client:
    return Client(raise_request_exception=False)


def in_mail(path: Path) -> bool:
    """Mail programs read no style sheets; their templates are made inline when a letter is sent."""
    return "dispatch" in path.parts


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_holds_script_style_or_handler(path):
    markup = path.read_text()

    assert not re.search(r"<script(?![^>]* src=)", markup)
    assert not re.search(r"\son[a-z]+\s*=|hx-on|javascript:|\bjs:", markup)
    assert in_mail(path) or not re.search(r"<style|\sstyle\s*=", markup)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_of_ours_writes_markup_or_keeps_data_in_local_storage(path):
    assert not re.search(
        r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|eval\(|localStorage", path.read_text()
    )


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheets_stand_in_a_layer_and_know_no_left_or_right(path):
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)

    assert "@layer" in rules
    assert not re.search(r"\b(margin|padding|border)-(left|right|top|bottom)\b|text-align:\s*(left|right)", rules)


@pytest.mark.parametrize("path", PUBLIC)
def test_every_page_names_the_register_holder(client, path):
    page, declared = text_of(client.get(path)), register()

    assert f"Register holder: {declared.holder.name}" in page
    assert declared.contacts["register"].email in page


def test_a_language_is_chosen_by_a_plain_form_in_its_own_words(client):
    page = text_of(client.get("/help"))
    assert all(f'value="{code}"' in page and name in page for code, name in [("fi", "Suomi"), ("sv", "Svenska")])

    answer = client.post("/sign-in/me/language", {"language": "fi", "next": "/help"})
    assert answer["Location"] == "/help"
    assert '<html lang="fi">' in text_of(client.get("/help"))


def test_a_language_form_leads_to_no_other_site(client):
    answer = client.post("/sign-in/me/language", {"language": "fi", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


class Asked(forms.Form):
    """One field of each kind a component draws."""

    name = forms.CharField(help_text="As you like to be called.")
    colour = forms.ChoiceField(choices=[("r", "Red"), ("b", "Blue")], widget=forms.RadioSelect, required=False)
    sure = forms.BooleanField(required=True)


def drawn(markup: str, **context: object) -> str:
    return " ".join(Template(CottonCompiler().process(markup)).render(Context(context)).split())


def test_a_field_names_its_hint_and_its_mistake_to_a_screen_reader():
    page = drawn('{% for each in form %}<c-field :field="each" />{% endfor %}', form=Asked({"name": "", "colour": "r"}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert page.index("As you like to be called.") < page.index('id="id_name"')
    assert "<legend>" in page
    assert page.count("(optional)") == 1


def test_an_error_summary_leads_to_what_is_wrong_and_is_absent_when_nothing_is():
    wrong = drawn('<c-error-summary :form="form" />', form=Asked({"name": ""}))

    assert 'href="#id_name"' in wrong
    assert 'role="alert"' in wrong
    assert drawn('<c-error-summary :form="form" />', form=Asked()) == ""


def test_what_is_passed_to_a_component_is_escaped():
    evil = '"><script>alert(1)</script>'
    page = drawn(
        '<c-row :title="t" :note="t" :fact="t" :initials="t"><c-tag state="no">{{ t }}</c-tag></c-row>', t=evil
    )

    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 5


def test_a_page_without_a_database_still_has_its_frame(settings):
    settings.ROOT_URLCONF = "kliento.config.urls"
    assert "Register holder:" in text_of(Client().get("/help"))
