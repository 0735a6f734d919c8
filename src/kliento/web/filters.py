"""Filters for every template: how a value reads on a page."""

from django.template import Library

from kliento.domain.policy.queries import mechanism_in_words
from kliento.web.reading import country_in_words, member_number, written_in

register = Library()
register.filter("country_in_words", country_in_words)
register.filter("mechanism_in_words", mechanism_in_words)
register.filter("member_number", member_number)
register.filter("written_in", written_in)
